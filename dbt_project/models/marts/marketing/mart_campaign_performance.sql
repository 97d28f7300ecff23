with

measures as (

    {{ marketing_measures() }}

),

campaigns as (select * from {{ ref('dim_campaign') }}),

figures as (

    select
        month_start_date,
        campaign_key,

        {{ marketing_figures() }}
    from measures
    group by month_start_date, campaign_key

),

campaign_performance as (

    select
        figures.month_start_date,
        figures.campaign_key,

        campaigns.campaign_name,
        campaigns.campaign_type,
        campaigns.channel,

        figures.* except (month_start_date, campaign_key),
    from figures
    left join campaigns on figures.campaign_key = campaigns.campaign_key

)

select * from campaign_performance
