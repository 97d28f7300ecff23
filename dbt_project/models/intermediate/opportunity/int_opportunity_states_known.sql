with

all_statements as (select * from {{ ref('int_opportunity_statements_unioned') }}),

stages as (select * from {{ ref('int_stages_ordered') }}),

-- A record may leave out its forecast category or probability, which is no change of it: what was
-- said last in this stage still holds. A history row without one says that there is none.
staged_statements as (

    select
        *,
        stage_key is distinct from lag(stage_key) over statements_so_far as is_new_stage,
        {% for column in ['forecast_category', 'probability'] %}
            history_source = 'tracked' or {{ column }} is not null as states_{{ column }},
        {% endfor %}
    from all_statements
    window statements_so_far as (partition by opportunity_key order by statement_number)

),

numbered_statements as (

    select
        *,
        {% for column in ['forecast_category', 'probability'] %}
            count(case when is_new_stage or states_{{ column }} then 1 end) over (
                partition by opportunity_key
                order by statement_number
                rows between unbounded preceding and current row
            ) as {{ column }}_number,
        {% endfor %}
    from staged_statements

),

statements as (

    select
        * except (forecast_category, probability),
        {% for column in ['forecast_category', 'probability'] %}
            max({{ column }}) over (
                partition by opportunity_key, {{ column }}_number
            ) as {{ column }},
        {% endfor %}
    from numbered_statements

),

states as (

    select
        statements.opportunity_key,
        statements.source_system,
        statements.history_source,
        statements.changed_at,
        statements.statement_number,

        coalesce(statements.stage_key, {{ unknown_stage_key('statements.source_system') }})
            as stage_key,
        coalesce(statements.stage_name, 'Unknown') as stage_name,
        coalesce(
            statements.forecast_category, stages.forecast_category, 'Pipeline'
        ) as forecast_category,
        statements.probability,
        statements.amount,
        statements.close_date,
        coalesce(statements.is_closed, stages.is_closed, false) as is_closed,
        coalesce(statements.is_won, stages.is_won, false) as is_won,
    from statements
    left join stages
        on statements.stage_key = stages.stage_key

),

-- A statement that says nothing new changes nothing.
known_states as (

    select *
    from states
    qualify
        statement_number = 1
        {% for column in opportunity_state_columns() %}
            or {{ column }} is distinct from lag({{ column }}) over (
                partition by opportunity_key order by statement_number
            )
        {% endfor %}

)

select * from known_states
