-- Which channels return what they cost, and does the answer depend on the attribution model?
with

channels as (select * from {{ published('mart_channel_performance') }}),

returns as (

    select
        channel,
        sum(spend_amount) as spend_amount,
        sum(lead_count) as lead_count,
        {{ safe_divide('sum(attributed_won_amount_first)', 'sum(spend_amount)') }} as roas_first,
        {{ safe_divide('sum(attributed_won_amount_last)', 'sum(spend_amount)') }} as roas_last,
        {{ safe_divide('sum(attributed_won_amount_linear)', 'sum(spend_amount)') }} as roas_linear,
        {{ safe_divide('sum(attributed_won_amount_markov)', 'sum(spend_amount)') }} as roas_markov,
    from channels
    group by channel
    having sum(spend_amount) > 0

)

select * from returns
order by roas_linear desc nulls last, channel asc
