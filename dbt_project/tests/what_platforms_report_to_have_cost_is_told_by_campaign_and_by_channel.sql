-- A row here is a month in which the campaigns, or the channels, together spent something else than
-- the platforms report.
with

ad_days as (select * from {{ ref('fct_ad_performance_daily') }}),

campaign_months as (select * from {{ ref('mart_campaign_performance') }}),

channel_months as (select * from {{ ref('mart_channel_performance') }}),

spends as (

    select
        {{ month_start('ad_date') }} as month_start_date,
        spend_amount as reported_amount,
        0 as campaign_amount,
        0 as channel_amount,
    from ad_days

    union all

    select
        month_start_date,
        0 as reported_amount,
        spend_amount as campaign_amount,
        0 as channel_amount,
    from campaign_months

    union all

    select
        month_start_date,
        0 as reported_amount,
        0 as campaign_amount,
        spend_amount as channel_amount,
    from channel_months

)

select
    month_start_date,
    coalesce(sum(reported_amount), 0) as reported_amount,
    sum(campaign_amount) as campaign_amount,
    sum(channel_amount) as channel_amount,
from spends
group by month_start_date
having
    sum(campaign_amount) != coalesce(sum(reported_amount), 0)
    or sum(channel_amount) != coalesce(sum(reported_amount), 0)
