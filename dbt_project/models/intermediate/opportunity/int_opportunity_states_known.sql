with

statements as (select * from {{ ref('int_opportunity_statements_unioned') }}),

stages as (select * from {{ ref('int_stages_ordered') }}),

states as (

    select
        statements.opportunity_key,
        statements.history_source,
        statements.changed_at,
        statements.statement_number,

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
        on statements.stage_name = stages.stage_name

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
