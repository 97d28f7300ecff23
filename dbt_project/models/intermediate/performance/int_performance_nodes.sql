with

people as (select * from {{ ref('int_people_listed') }}),

periods as (select * from {{ ref('int_periods') }} where period_type != 'week'),

manager_paths as (select * from {{ ref('int_manager_paths') }}),

deals as (select * from {{ ref('int_closed_deals_credited') }}),

generated as (select * from {{ ref('int_generated_pipeline_credited') }}),

pipeline as (select * from {{ ref('int_open_pipeline_credited') }}),

activities as (select * from {{ ref('int_activities_credited') }}),

quotas as (select * from {{ ref('int_quotas_credited') }}),

-- Who left, or is known by nothing but a key, has a row only where there is something to show.
reps as (

    select
        periods.period_type,
        periods.period_start_date,
        people.user_key,
    from people
    cross join periods
    where people.is_active and (people.is_owner or people.is_quota_carrier)

    union

    select period_type, period_start_date, user_key from deals where scope = 'own'

    union

    select period_type, period_start_date, user_key from generated where scope = 'own'

    union

    select period_type, period_start_date, user_key
    from pipeline
    where scope = 'own' and (opening_count > 0 or open_count > 0)

    union

    select period_type, period_start_date, user_key from activities where scope = 'own'

    union

    select period_type, period_start_date, user_key
    from quotas
    where scope = 'own' and quota_amount > 0

),

managers as (

    select
        reps.period_type,
        reps.period_start_date,
        manager_paths.node_key as user_key,
    from reps
    inner join periods
        on
            reps.period_type = periods.period_type
            and reps.period_start_date = periods.period_start_date
    inner join manager_paths
        on
            reps.user_key = manager_paths.user_key
            and {{ held_before('manager_paths', 'periods.closing_at') }}

),

nodes as (

    select 'own' as scope, * from reps

    union

    select 'team' as scope, * from managers

    union

    select scope, period_type, period_start_date, user_key from deals where scope = 'team'

    union

    select scope, period_type, period_start_date, user_key from quotas where scope = 'team'

),

performance_nodes as (

    select
        nodes.scope,
        periods.period_type,
        periods.period_start_date,
        periods.period_end_date,
        nodes.user_key,
    from nodes
    inner join periods
        on
            nodes.period_type = periods.period_type
            and nodes.period_start_date = periods.period_start_date

)

select * from performance_nodes
