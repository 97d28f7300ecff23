{{ config(**judging('opportunities_built', 'opportunity_key')) }}
with

opportunities as (select * from {{ ref('int_opportunities_listed') }}),

versions as (select * from {{ ref('int_opportunity_versions_ordered') }}),

histories as (select * from {{ ref('int_opportunity_histories_unioned') }}),

relation_changes as (select * from {{ ref('int_opportunity_relation_changes_unioned') }}),

rates as (select * from {{ ref('int_exchange_rates') }}),

-- What of a stage has a part in a history; the rest may change with every newer record.
stages as (

    select
        stage_key,
        pipeline_key,
        stage_name,
        stage_order,
        forecast_category,
        is_active,
        is_closed,
        is_won,
    from {{ ref('int_stages_ordered') }}

),

-- What is stamped after the as-of date is cut off with it, and comes back when that moves on.
inputs as (

    select
        opportunity_key,
        {{ row_hash('opportunities') }} as input_hash,
        created_at as stamped_at,
    from opportunities

    union all

    select
        opportunity_key,
        {{ row_hash('versions') }} as input_hash,
        greatest(
            effective_at, coalesce({{ business_date_start('deleted_date') }}, effective_at)
        ) as stamped_at,
    from versions

    union all

    select
        opportunity_key,
        {{ row_hash('histories') }} as input_hash,
        changed_at as stamped_at,
    from histories

    union all

    select
        opportunity_key,
        {{ row_hash('relation_changes') }} as input_hash,
        changed_at as stamped_at,
    from relation_changes

),

summed_inputs as (

    select
        opportunity_key,
        sum(input_hash) as inputs_hash,
        max(stamped_at) as last_stamped_at,
    from inputs
    group by opportunity_key

),

summed_rates as (

    select
        currency_code,
        sum({{ row_hash('rates') }}) as rates_hash,
    from rates
    group by currency_code

),

summed_stages as (

    select sum({{ row_hash('stages') }}) as stages_hash
    from stages

),

valued_opportunities as (

    select
        *,
        {{ record_currency('currency_code') }} as record_currency_code,
    from opportunities

),

fingerprints as (

    select
        opportunities.opportunity_key,
        opportunities.source_system,
        opportunities.currency_code,
        opportunities.created_at,
        concat_ws(
            '|',
            inputs.inputs_hash,
            opportunities.record_currency_code,
            coalesce(rates.rates_hash, 0),
            coalesce(summed_stages.stages_hash, 0),
            case when inputs.last_stamped_at >= {{ as_of_end() }} then {{ as_of_date() }} end
        ) as fingerprint,
    from valued_opportunities as opportunities
    inner join summed_inputs as inputs
        on opportunities.opportunity_key = inputs.opportunity_key
    left join summed_rates as rates
        on opportunities.record_currency_code = rates.currency_code
    cross join summed_stages

),

kept_fingerprints as (

    {{ kept_fingerprints('opportunities_built', 'opportunity_key', 'fingerprints') }}

),

fingerprinted_opportunities as (

    select
        coalesce(fingerprints.opportunity_key, kept.opportunity_key) as opportunity_key,
        fingerprints.source_system,
        fingerprints.currency_code,
        fingerprints.created_at,
        fingerprints.fingerprint,
        '{{ code_fingerprint() }}' as built_with,
        coalesce(fingerprints.fingerprint <> kept.fingerprint, true) as is_changed,
        fingerprints.fingerprint is null as is_gone,
    from fingerprints
    full outer join kept_fingerprints as kept
        on fingerprints.opportunity_key = kept.opportunity_key

)

select * from fingerprinted_opportunities
