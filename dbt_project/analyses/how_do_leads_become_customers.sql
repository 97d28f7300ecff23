-- How do leads become customers: how many of each source get through each step of the funnel?
with

funnel as (select * from {{ published('mart_lead_funnel') }}),

sources as (

    select
        lead_source,
        sum(lead_count) as lead_count,
        sum(mql_count) as mql_count,
        sum(sql_count) as sql_count,
        sum(opportunity_count) as opportunity_count,
        sum(won_count) as won_count,
        {{ safe_divide('sum(won_count)', 'sum(lead_count)') }} as lead_to_won_rate,
    from funnel
    group by lead_source

)

select * from sources
order by lead_count desc, lead_source asc
