{%- set rules = {
    'an_account_is_entered_once': [
        'twin_count > 1',
        'Same name as another account that was not merged: each has figures of its own.',
    ],
    'an_account_has_an_owner_who_is_a_user': [
        'not is_owner_known',
        'Without an owner, or of one who is no user in any extract.',
    ],
    'a_parent_account_is_in_the_extracts': [
        'parent_account_key is not null and not is_parent_known',
        'Part of an account that is in no extract.',
    ],
    'a_deleted_account_has_nothing_open': [
        'is_deleted and open_count > 0',
        'Deleted, with open opportunities.',
    ],
} -%}
with

accounts as (select * from {{ ref('int_accounts_listed') }}),

merged_accounts as (select * from {{ ref('int_accounts_merged') }}),

deals as (select * from {{ ref('int_account_deals_summed') }}),

users as (select distinct user_key from {{ ref('int_users_completed') }}),

-- A CRM that delivered no users says nothing about who is one.
user_systems as (

    select distinct split_part(user_key, ':', 1) as source_system
    from users

),

surviving_accounts as (

    select
        accounts.*,
        count(*) over (
            partition by
                split_part(accounts.account_key, ':', 1),
                lower(trim(accounts.account_name)),
                accounts.is_deleted
        ) as name_count,
    from accounts
    left join merged_accounts on accounts.account_key = merged_accounts.account_key
    where merged_accounts.account_key is null

),

judged as (

    select
        split_part(surviving_accounts.account_key, ':', 1) as source_system,
        {{
            object_name(
                "split_part(surviving_accounts.account_key, ':', 1)",
                {'salesforce': 'Account', 'hubspot': 'companies'}
            )
        }} as object_name,
        surviving_accounts.account_key as found_in,
        surviving_accounts.parent_account_key,
        deals.open_amount as amount,
        deals.open_count,
        case
            when surviving_accounts.account_name is not null and not surviving_accounts.is_deleted
                then surviving_accounts.name_count
        end as twin_count,
        surviving_accounts.is_deleted,
        users.user_key is not null
        or user_systems.source_system is null as is_owner_known,
        parents.account_key is not null as is_parent_known,
    from surviving_accounts
    left join users on surviving_accounts.owner_key = users.user_key
    left join user_systems
        on split_part(surviving_accounts.account_key, ':', 1) = user_systems.source_system
    left join accounts as parents on surviving_accounts.parent_account_key = parents.account_key
    left join deals on surviving_accounts.account_key = deals.account_key

),

accounts_judged as (

    {{ quality_findings('judged', rules) }}

)

select * from accounts_judged
