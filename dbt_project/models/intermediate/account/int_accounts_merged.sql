{{
    merge_survivors(
        ref('int_accounts_listed'), 'account_key', 'master_account_key', 'survivor_account_key'
    )
}}
