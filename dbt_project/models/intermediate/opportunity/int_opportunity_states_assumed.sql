with

opportunities as (

    select * from {{ ref('int_opportunities_fingerprinted') }}
    where is_changed and not is_gone

),

histories as (select * from {{ ref('int_opportunity_histories_unioned') }}),

known_states as (select * from {{ ref('int_opportunity_states_known') }}),

tracked_opportunities as (select distinct opportunity_key from histories),

first_known_states as (

    select
        known_states.*,
        opportunities.created_at,
        known_states.is_closed
        and tracked_opportunities.opportunity_key is null as is_untracked_close,
    from known_states
    inner join opportunities
        on known_states.opportunity_key = opportunities.opportunity_key
    left join tracked_opportunities
        on known_states.opportunity_key = tracked_opportunities.opportunity_key
    where known_states.statement_number = 1

),

-- The oldest known state is carried back to creation; but what was closed before anyone tracked it
-- was open until its close date, in a stage that nobody knows.
carried_states as (

    select
        *,
        case
            when is_untracked_close
                then greatest(
                    created_at, least({{ business_date_start('close_date') }}, changed_at)
                )
            else created_at
        end as carried_back_to,
    from first_known_states

),

assumed_states as (

    select
        opportunity_key,
        carried_back_to as changed_at,
        stage_key,
        stage_name,
        forecast_category,
        probability,
        amount,
        close_date,
        is_closed,
        is_won,
        'assumed' as history_source,
    from carried_states
    where carried_back_to < changed_at

    union all

    select
        opportunity_key,
        created_at as changed_at,
        {{ unknown_stage_key('source_system') }} as stage_key,
        'Unknown' as stage_name,
        'Pipeline' as forecast_category,
        null as probability,
        amount,
        close_date,
        false as is_closed,
        false as is_won,
        'assumed' as history_source,
    from carried_states
    where carried_back_to > created_at

)

select * from assumed_states
