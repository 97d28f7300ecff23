{{ config(severity='warn') }}
-- A row is a record whose amount is in no figure, because nobody quotes its currency.
with

opportunities as (select * from {{ ref('fct_opportunity') }}),

creations as (select * from {{ ref('int_opportunity_creations_valued') }}),

quotas as (select * from {{ ref('fct_quota') }}),

ad_days as (select * from {{ ref('fct_ad_performance_daily') }}),

amounts as (

    select
        'opportunity' as record_type,
        opportunity_key as record_key,
        amount,
        amount_original,
        currency_code,
    from opportunities

    union all

    select
        'opportunity at creation' as record_type,
        opportunity_key as record_key,
        created_amount as amount,
        created_amount_original as amount_original,
        currency_code,
    from creations

    union all

    select
        'quota' as record_type,
        quota_version_key as record_key,
        amount,
        amount_original,
        currency_code,
    from quotas

    union all

    select
        'advertising day' as record_type,
        ad_performance_key as record_key,
        spend_amount as amount,
        spend_amount_original as amount_original,
        currency_code,
    from ad_days

)

select
    record_type,
    record_key,
    amount_original,
    currency_code,
from amounts
where amount is null and amount_original is not null
