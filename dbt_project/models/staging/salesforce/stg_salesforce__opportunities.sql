with

versions as (select * from {{ ref('stg_salesforce__opportunity_versions') }}),

opportunities as (

    select * from versions
    where version_rank = 1

)

select * from opportunities
