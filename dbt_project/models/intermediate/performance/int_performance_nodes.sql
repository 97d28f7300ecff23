with

reps as (select * from {{ ref('int_reps_listed') }}),

periods as (select * from {{ ref('int_periods') }}),

manager_paths as (select * from {{ ref('int_manager_paths') }}),

closed_deals as (select * from {{ ref('int_closed_deals_credited') }}),

quotas as (select * from {{ ref('int_quotas_credited') }}),

-- The reps themselves and everybody above them as the period closes.
reps_and_managers as (

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

    select
        'own' as credit_scope,
        period_type,
        period_start_date,
        user_key,
    from reps

    union distinct

    select
        'team' as credit_scope,
        period_type,
        period_start_date,
        user_key,
    from reps_and_managers

    {% for measures in ['closed_deals', 'quotas'] %}
        union distinct

        select
            credit_scope,
            period_type,
            period_start_date,
            user_key,
        from {{ measures }}
        where credit_scope = 'team'
    {% endfor %}

)

select * from nodes
