with

manager_paths as (select * from {{ ref('int_manager_paths') }}),

credit_paths as (

    select
        'own' as credit_scope,
        *,
    from manager_paths
    where distance = 0

    union all

    select
        'team' as credit_scope,
        *,
    from manager_paths

)

select * from credit_paths
