{%- set rules = {
    'quotas_of_a_month_do_not_overlap': [
        'record_count > 1',
        'Several quotas of one owner, month, type and product family: those of the CRM add up.',
    ],
    'a_quota_is_said_once': [
        'source_count > 1',
        'In the CRM and in the sheet of the company: the one of the CRM counts.',
    ],
    'a_quota_belongs_to_a_user': [
        'not is_owner_known',
        'Of somebody who is no user in any extract: it goes to a key without a name.',
    ],
    'a_quota_is_not_negative': [
        'amount_original < 0',
        'A quota below zero lessens what is to be reached.',
    ],
    'a_quota_has_a_rate': [
        'amount_original is not null and amount is null',
        'A quota in a currency without a rate adds nothing.',
    ],
} -%}
with

quotas as (select * from {{ ref('int_quotas_valued') }} where is_current),

users as (select distinct user_key from {{ ref('int_users_completed') }}),

judged as (

    select
        split_part(quotas.quota_key, ':', 1) as source_system,
        {{
            object_name(
                "split_part(quotas.quota_key, ':', 1)",
                {'salesforce': 'ForecastingQuota', 'company': 'quota'}
            )
        }} as object_name,
        quotas.quota_key as found_in,
        quotas.amount,
        quotas.amount_original,
        count(*) over (
            partition by
                quotas.owner_key,
                quotas.month_start_date,
                quotas.quota_type,
                quotas.product_family,
                quotas.quota_source_rank
        ) as record_count,
        max(quotas.quota_source_rank) over owner_months
        - min(quotas.quota_source_rank) over owner_months
        + 1 as source_count,
        users.user_key is not null as is_owner_known,
    from quotas
    left join users on quotas.owner_key = users.user_key
    window owner_months as (
        partition by quotas.owner_key, quotas.month_start_date, quotas.quota_type
    )

),

quotas_judged as (

    {{ quality_findings('judged', rules) }}

)

select * from quotas_judged
