{#- After the daily pipeline. -#}
-- depends_on: {{ ref('mart_pipeline_daily') }}
with

groups as (select * from {{ ref('int_pipeline_groups_fingerprinted') }}),

built_groups as (

    select
        pipeline_group,
        fingerprint,
        built_with,
    from groups
    where fingerprint is not null

)

select * from built_groups
