with

states as (

    {{ hubspot_staged(ref('stg_hubspot__deal_states')) }}

),

-- The probability that somebody set holds in its stage; the next stage brings its own.
changed_states as (

    select
        *,
        states_probability
        or stage_key is distinct from lag(stage_key) over (
            partition by opportunity_key order by changed_at, source_order, version_order
        ) as begins_probability,
    from states

),

numbered_states as (

    select
        *,
        count(case when begins_probability then 1 end) over (
            partition by opportunity_key
            order by changed_at, source_order, version_order
            rows between unbounded preceding and current row
        ) as probability_number,
    from changed_states

),

probable_states as (

    select
        * except (probability),
        coalesce(
            max(probability) over (partition by opportunity_key, probability_number),
            stage_default_probability
        ) as probability,
    from numbered_states

),

deal_histories as (

    select
        opportunity_key,
        opportunity_key || ':' || cast(changed_at as {{ dbt.type_string() }}) as deal_history_id,
        stage_key,
        pipeline_key,

        stage_name,
        {{ hubspot_deal_category('forecast_category', 'stage_is_closed', 'stage_is_won') }}
            as forecast_category,

        amount,
        probability,

        close_date,
        changed_at,
    from probable_states
    where source_order = 1

)

select * from deal_histories
