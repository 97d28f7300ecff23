-- What does a lead, an opportunity and a new customer cost, campaign by campaign?
with

campaigns as (select * from {{ published('mart_campaign_performance') }}),

costs as (

    select
        campaign_key,
        max(campaign_name) as campaign_name,
        max(channel) as channel,
        sum(spend_amount) as spend_amount,
        sum(new_customer_count) as new_customer_count,
        {{ safe_divide('sum(spend_amount)', 'sum(lead_count)') }} as cost_per_lead,
        {{ safe_divide('sum(spend_amount)', 'sum(opportunity_count)') }} as cost_per_opportunity,
        {{ safe_divide('sum(spend_amount)', 'sum(new_customer_count)') }} as cac,
    from campaigns
    group by campaign_key
    having sum(spend_amount) > 0

)

select * from costs
order by spend_amount desc, campaign_key asc
