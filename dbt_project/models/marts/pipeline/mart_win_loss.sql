with

opportunities as (select * from {{ ref('fct_opportunity') }} where is_closed),

segments as (select * from {{ ref('int_opportunity_segments') }}),

periods as (select * from {{ ref('int_periods') }} where period_type != 'week'),

-- A close date still to come is not booked yet.
reason_figures as (

    select
        periods.period_type,
        periods.period_start_date,
        periods.period_end_date,
        segments.segment_type,
        segments.segment,
        opportunities.loss_reason as reason,

        count(case when opportunities.is_won then 1 end) as won_count,
        coalesce(
            sum(case when opportunities.is_won then opportunities.amount end), 0
        ) as won_amount,
        count(case when not opportunities.is_won then 1 end) as lost_count,
        coalesce(
            sum(case when not opportunities.is_won then opportunities.amount end), 0
        ) as lost_amount,
    from opportunities
    inner join periods
        on opportunities.close_date between periods.period_start_date and periods.last_seen_date
    inner join segments
        on opportunities.opportunity_key = segments.opportunity_key
    group by
        periods.period_type,
        periods.period_start_date,
        periods.period_end_date,
        segments.segment_type,
        segments.segment,
        opportunities.loss_reason

),

segment_figures as (

    select
        *,
        sum(won_count) over segment_rows as segment_won_count,
        sum(lost_count) over segment_rows as segment_lost_count,
        sum(won_amount) over segment_rows as segment_won_amount,
        sum(lost_amount) over segment_rows as segment_lost_amount,
    from reason_figures
    window segment_rows as (partition by period_type, period_start_date, segment_type, segment)

),

win_loss as (

    select
        period_type,
        period_start_date,
        period_end_date,
        segment_type,
        segment,
        reason,

        won_count,
        cast(won_amount as decimal(38, 2)) as won_amount,
        lost_count,
        cast(lost_amount as decimal(38, 2)) as lost_amount,
        {{ ratio('lost_count', 'segment_lost_count') }} as lost_share,
        {{ ratio('lost_amount', 'segment_lost_amount') }} as lost_share_amount,

        {{
            ratio('segment_won_count', 'segment_won_count + segment_lost_count')
        }} as segment_win_rate,
        {{
            ratio('segment_won_amount', 'segment_won_amount + segment_lost_amount')
        }} as segment_win_rate_amount,
    from segment_figures

)

select * from win_loss
