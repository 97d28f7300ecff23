with

property_changes as (select * from {{ ref('stg_hubspot__deal_property_changes') }}),

stage_entries as (select * from {{ ref('stg_hubspot__deal_stage_entries') }}),

versions as (select * from {{ ref('stg_hubspot__deal_versions') }}),

tracked_deals as (

    select distinct opportunity_key
    from property_changes
    where property_name = 'dealstage'

),

-- Where the history of the stage was not extracted, the record may say when it entered each.
entry_changes as (

    {% for property, column in {'pipeline': 'pipeline_id', 'dealstage': 'stage_id'}.items() %}
        select
            stage_entries.opportunity_key,
            '{{ property }}' as property_name,
            stage_entries.{{ column }} as property_value,
            stage_entries.entered_at as changed_at,
        from stage_entries
        left join tracked_deals
            on stage_entries.opportunity_key = tracked_deals.opportunity_key
        where tracked_deals.opportunity_key is null

        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

changes as (

    select * from property_changes

    union all

    select * from entry_changes

),

-- Several properties may change at one moment; what did not change is not said.
change_statements as (

    select
        opportunity_key,
        changed_at,
        {% for column, property in hubspot_state_properties().items() %}
            max(
                case when property_name = '{{ property }}' then property_value end
            ) as {{ column }},
            max(
                case when property_name = '{{ property }}' then 1 else 0 end
            ) = 1 as states_{{ column }},
        {% endfor %}
    from changes
    where
        property_name in (
            {% for property in hubspot_state_properties().values() %}
                '{{ property }}'{{ ',' if not loop.last }}
            {% endfor %}
        )
    group by opportunity_key, changed_at

),

-- Where both speak of one moment the record comes second. It says all but what is optional.
deal_statements as (

    select
        opportunity_key,
        changed_at,
        1 as source_order,
        0 as version_order,
        pipeline_text,
        stage_text,
        {{ hubspot_forecast_category('forecast_category') }} as forecast_category,
        try_cast(amount as decimal(18, 2)) as amount,
        try_cast(probability as decimal(7, 4)) as probability,
        {{ hubspot_close_date(hubspot_moment('close_date')) }} as close_date,
        {% for column in hubspot_state_properties() %}
            states_{{ column }},
        {% endfor %}
    from change_statements

    union all

    select
        opportunity_key,
        modified_at as changed_at,
        2 as source_order,
        -version_rank as version_order,
        pipeline_text,
        stage_text,
        chosen_forecast_category as forecast_category,
        amount,
        probability,
        close_date,
        pipeline_text is not null as states_pipeline_text,
        stage_text is not null as states_stage_text,
        chosen_forecast_category is not null as states_forecast_category,
        true as states_amount,
        probability is not null as states_probability,
        true as states_close_date,
    from versions

)

select * from deal_statements
