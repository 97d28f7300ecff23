{#- HubSpot's code or label of a forecast category under its name here; NULL for other text. -#}
{% macro hubspot_forecast_category(code_or_label) -%}
    case upper(replace({{ code_or_label }}, ' ', '_'))
        when 'OMIT' then 'Omitted'
        when 'NOT_FORECASTED' then 'Omitted'
        when 'PIPELINE' then 'Pipeline'
        when 'BEST_CASE' then 'Best Case'
        when 'MOST_LIKELY' then 'Most Likely'
        when 'COMMIT' then 'Commit'
        when 'CLOSED' then 'Closed'
        when 'CLOSED_WON' then 'Closed'
    end
{%- endmacro %}

{#-
The day on which a deal closes. HubSpot keeps a time; where only a date was given that is midnight
UTC, which in a zone west of it would fall on the day before.
-#}
{% macro hubspot_close_date(closed_at) -%}
    case
        when {{ closed_at }} = {{ dbt.date_trunc('day', closed_at) }} then cast({{ closed_at }} as date)
        else {{ to_business_date(closed_at) }}
    end
{%- endmacro %}

{#- A probability as HubSpot writes it, 0 to 1 with as many digits as a binary fraction has. -#}
{% macro hubspot_probability(text) -%}
    cast({{ text }} as decimal(7, 4))
{%- endmacro %}

{#- The properties of a deal that make its state, each under the name of its column here. -#}
{% macro hubspot_state_properties() -%}
    {{ return({
        'pipeline_text': 'pipeline',
        'stage_text': 'dealstage',
        'forecast_category': 'hs_manual_forecast_category',
        'amount': 'amount',
        'probability': 'hs_deal_stage_probability',
        'close_date': 'closedate',
    }) }}
{%- endmacro %}

{#- The forecast category of a deal: an open one's is the owner's choice, a closed one's its outcome's. -#}
{% macro hubspot_deal_category(chosen_category, is_closed, is_won) -%}
    case
        when {{ is_won }} then 'Closed'
        when {{ is_closed }} then 'Omitted'
        else {{ chosen_category }}
    end
{%- endmacro %}

{#-
A query of a relation's rows with the stage that their `pipeline_text` and `stage_text` name, be they
ids or labels. A stage that no list of pipelines ever held keeps its text as its name.
-#}
{% macro hubspot_staged(relation) -%}
    select
        deals.*,
        coalesce(
            stages.stage_key,
            only_stages.stage_key,
            {{ hubspot_key("coalesce(deals.pipeline_text, '')") }} || ':' || deals.stage_text
        ) as stage_key,
        coalesce(
            stages.pipeline_key,
            only_stages.pipeline_key,
            {{ hubspot_key("coalesce(deals.pipeline_text, '')") }}
        ) as pipeline_key,
        coalesce(stages.stage_name, only_stages.stage_name, deals.stage_text) as stage_name,
        coalesce(
            stages.default_probability, only_stages.default_probability
        ) as stage_default_probability,
        coalesce(stages.is_closed, only_stages.is_closed) as stage_is_closed,
        coalesce(stages.is_won, only_stages.is_won) as stage_is_won,
    from {{ relation }} as deals
    left join {{ ref('stg_hubspot__deal_stage_lookups') }} as stages
        on
            deals.pipeline_text = stages.pipeline_text
            and deals.stage_text = stages.stage_text
    left join {{ ref('stg_hubspot__deal_stage_lookups') }} as only_stages
        on deals.stage_text = only_stages.stage_text and only_stages.pipeline_text = ''
{%- endmacro %}
