with

opportunities as (select * from {{ ref('stg_salesforce__opportunities') }}),

histories as (select * from {{ ref('stg_salesforce__opportunity_histories') }}),

known_states as (select * from {{ ref('int_opportunity_states_known') }}),

tracked_opportunities as (select distinct opportunity_key from histories),

first_known_states as (

    select
        known_states.*,
        opportunities.created_at,
        -- Closed before anyone tracked it: it was open until its close date, in a stage nobody knows.
        known_states.is_closed and tracked_opportunities.opportunity_key is null as is_untracked_close,
        case
            when known_states.is_closed and tracked_opportunities.opportunity_key is null
                then least(
                    {{ business_date_start('known_states.close_date') }}, known_states.changed_at
                )
            else opportunities.created_at
        end as state_assumed_at,
    from known_states
    inner join opportunities
        on known_states.opportunity_key = opportunities.opportunity_key
    left join tracked_opportunities
        on known_states.opportunity_key = tracked_opportunities.opportunity_key
    qualify
        row_number() over (
            partition by known_states.opportunity_key order by known_states.changed_at
        ) = 1

),

assumed_states as (

    -- Carried back to creation, or to the close date.
    select
        opportunity_key,
        greatest(state_assumed_at, created_at) as changed_at,
        stage_name,
        is_closed,
        is_won,
        forecast_category,
        probability,
        amount,
        close_date,
    from first_known_states
    where greatest(state_assumed_at, created_at) < changed_at

    union all

    select
        opportunity_key,
        created_at as changed_at,
        'Unknown' as stage_name,
        false as is_closed,
        false as is_won,
        'Pipeline' as forecast_category,
        null as probability,
        amount,
        close_date,
    from first_known_states
    where is_untracked_close and created_at < state_assumed_at

)

select
    *,
    'assumed' as history_source,
from assumed_states
