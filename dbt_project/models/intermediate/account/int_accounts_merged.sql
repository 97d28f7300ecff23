with recursive

accounts as (select * from {{ ref('int_accounts_listed') }}),

-- A survivor may itself be merged away later: the chain is followed until it ends or goes round.
merges as (

    select
        account_key,
        master_account_key as survivor_account_key,
        1 as step,
        '|' || account_key || '|' || master_account_key || '|' as visited,
    from accounts
    where master_account_key != account_key

    union all

    select
        merges.account_key,
        accounts.master_account_key as survivor_account_key,
        merges.step + 1 as step,
        merges.visited || accounts.master_account_key || '|' as visited,
    from merges
    inner join accounts on merges.survivor_account_key = accounts.account_key
    where instr(merges.visited, '|' || accounts.master_account_key || '|') = 0

),

merged_accounts as (

    select
        account_key,
        survivor_account_key,
    from merges
    qualify row_number() over (partition by account_key order by step desc) = 1

)

select * from merged_accounts
