with

touches as (select * from {{ ref('int_opportunity_touches_measured') }}),

opportunities as (select * from {{ ref('fct_opportunity') }}),

weighed_touches as (

    {% for model in attribution_models() %}
        select
            opportunity_key,
            touchpoint_key,
            touch_number,
            campaign_key,
            channel,
            touched_at,
            '{{ model }}' as attribution_model,
            cast({{ raw_weight(model) }} as double) as raw_weight,
        from touches
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

running_weights as (

    select
        *,
        sum(raw_weight) over (
            partition by opportunity_key, attribution_model order by touch_number
        ) as running_weight,
    from weighed_touches

),

-- Shares are rounded as they add up, each touch being given the difference: so the weights of an
-- opportunity are 1 together, and its attributed amounts the whole amount, to the last cent.
running_shares as (

    select
        *,
        cast(
            running_weight
            / max(running_weight) over (partition by opportunity_key, attribution_model)
            as decimal(13, 12)
        ) as running_share,
    from running_weights

),

valued_shares as (

    select
        running_shares.*,
        cast(
            round(
                cast(opportunities.amount as decimal(24, 2)) * running_shares.running_share, 2
            ) as decimal(18, 2)
        ) as running_amount,
        opportunities.close_date,
        opportunities.is_closed,
        opportunities.is_won,
    from running_shares
    inner join opportunities on running_shares.opportunity_key = opportunities.opportunity_key

),

attribution as (

    select
        opportunity_key || '|' || touchpoint_key || '|' || attribution_model as attribution_key,
        opportunity_key,
        touchpoint_key,
        attribution_model,
        campaign_key,
        channel,

        touch_number,
        cast(
            running_share - lag(running_share, 1, 0) over path as decimal(13, 12)
        ) as weight,
        cast(
            running_amount - lag(running_amount, 1, 0) over path as decimal(18, 2)
        ) as attributed_amount,

        touched_at,
        close_date,

        is_closed,
        is_won,
    from valued_shares
    window path as (partition by opportunity_key, attribution_model order by touch_number)

)

select * from attribution
