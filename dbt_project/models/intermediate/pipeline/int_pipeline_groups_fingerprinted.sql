{{ config(**judging('pipeline_groups_built', 'pipeline_group')) }}
with

stretches as (

    select
        {{ hash_of(pipeline_group_columns()) }} as pipeline_group,
        first_date,
        until_date,
        amount,
        weighted_amount,
    from {{ ref('int_pipeline_stretches_valued') }}

),

fingerprints as (

    select
        pipeline_group,
        cast(sum({{ row_hash('stretches') }}) as {{ dbt.type_string() }}) as fingerprint,
    from stretches
    group by pipeline_group

),

kept_fingerprints as (

    {{ kept_fingerprints('pipeline_groups_built', 'pipeline_group', 'fingerprints') }}

),

fingerprinted_groups as (

    select
        coalesce(fingerprints.pipeline_group, kept.pipeline_group) as pipeline_group,
        fingerprints.fingerprint,
        '{{ code_fingerprint() }}' as built_with,
        coalesce(fingerprints.fingerprint <> kept.fingerprint, true) as is_changed,
    from fingerprints
    full outer join kept_fingerprints as kept
        on fingerprints.pipeline_group = kept.pipeline_group

)

select * from fingerprinted_groups
