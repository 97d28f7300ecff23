with

versions as (select * from {{ ref('int_opportunity_versions_unioned') }}),

opportunities as (

    select
        opportunity_key,
        source_system,
        currency_code,
        created_at,
    from versions
    where version_rank = 1

)

select * from opportunities
