{#- After all models by opportunity that replace what changed. -#}
{% for model in [
    'int_opportunity_history',
    'int_opportunity_outcome_runs',
    'int_opportunity_closes_dated',
    'int_opportunity_creations_valued',
    'int_opportunity_moves_counted',
    'int_opportunity_windows',
    'int_opportunity_period_states',
    'int_opportunity_period_movements',
    'int_pipeline_stretches_valued',
    'int_stage_entries_ordered',
    'int_stage_steps_paired',
    'fct_opportunity_history',
] %}
-- depends_on: {{ ref(model) }}
{% endfor %}
with

opportunities as (select * from {{ ref('int_opportunities_fingerprinted') }}),

built_opportunities as (

    select
        opportunity_key,
        fingerprint,
        built_with,
    from opportunities
    where not is_gone

)

select * from built_opportunities
