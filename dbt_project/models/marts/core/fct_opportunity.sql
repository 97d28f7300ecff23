with

opportunities as (select * from {{ ref('int_opportunities_described') }}),

outcomes as (select * from {{ ref('int_opportunity_outcomes') }}),

moves as (select * from {{ ref('int_opportunity_moves_counted') }}),

sources as (select * from {{ ref('int_opportunity_sources_traced') }}),

reporting_lines as (select * from {{ ref('int_reporting_lines') }}),

as_of as (select as_of_date from {{ ref('int_as_of_date') }}),

opportunity as (

    select
        outcomes.opportunity_key,
        opportunities.source_system,
        outcomes.account_key,
        opportunities.campaign_key,
        outcomes.owner_key,
        outcomes.owner_at_creation_key,
        outcomes.owner_at_close_key,
        reporting_lines.manager_key as manager_at_close_key,
        outcomes.stage_key,
        sources.first_touchpoint_key,
        sources.last_touchpoint_key,
        sources.campaign_key as source_campaign_key,

        opportunities.opportunity_name,
        opportunities.opportunity_type,
        opportunities.lead_source,
        sources.channel as source_channel,
        outcomes.stage_name,
        outcomes.forecast_category,
        outcomes.probability,
        case
            when outcomes.is_closed and not outcomes.is_won then opportunities.loss_reason
        end as loss_reason,

        outcomes.amount,
        outcomes.amount_original,
        outcomes.currency_code,
        outcomes.created_amount,

        outcomes.created_at,
        outcomes.closed_at,
        outcomes.created_date,
        outcomes.close_date,

        outcomes.sales_cycle_days,
        case
            when not outcomes.is_closed
                then {{ dbt.datediff('outcomes.created_date', 'as_of.as_of_date', 'day') }}
        end as age_days,
        case
            when not outcomes.is_closed
                then {{ dbt.datediff(
                    to_business_date('moves.stage_entered_at'), 'as_of.as_of_date', 'day'
                ) }}
        end as days_in_stage,
        moves.push_count,
        moves.stage_regression_count,
        sources.touch_count,

        outcomes.is_closed,
        outcomes.is_won,
        not outcomes.is_closed
        and coalesce(outcomes.close_date < as_of.as_of_date, false) as is_past_due,
    from outcomes
    inner join opportunities
        on outcomes.opportunity_key = opportunities.opportunity_key
    inner join moves
        on outcomes.opportunity_key = moves.opportunity_key
    left join sources
        on outcomes.opportunity_key = sources.opportunity_key
    left join reporting_lines
        on
            outcomes.owner_at_close_key = reporting_lines.user_key
            and {{ held_at('reporting_lines', 'outcomes.closed_at') }}
    cross join as_of

)

select * from opportunity
