with

known_states as (select * from {{ ref('int_opportunity_states_known') }}),

assumed_states as (select * from {{ ref('int_opportunity_states_assumed') }}),

-- Of several statements about one moment the last one holds.
last_known_states as (

    select *
    from known_states
    qualify
        row_number() over (
            partition by opportunity_key, changed_at order by statement_number desc
        ) = 1

),

dated_states as (

    {% for states in ['assumed_states', 'last_known_states'] %}
        select
            opportunity_key,
            history_source,
            changed_at,
            {{ opportunity_state_columns() | join(',\n            ') }},
        from {{ states }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from dated_states
