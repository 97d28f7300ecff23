with

known_states as (select * from {{ ref('int_opportunity_states_known') }}),

assumed_states as (select * from {{ ref('int_opportunity_states_assumed') }}),

relations as (select * from {{ ref('int_opportunity_relations_dated') }}),

deletions as (select * from {{ ref('int_opportunity_deletions_dated') }}),

-- Of several statements about one moment the last one holds.
last_known_states as (

    select *
    from known_states
    qualify
        row_number() over (
            partition by opportunity_key, changed_at order by statement_number desc
        ) = 1

),

states as (

    {% for states in ['last_known_states', 'assumed_states'] %}
        select
            opportunity_key,
            changed_at,
            history_source,
            {{ opportunity_state_columns() | join(',\n            ') }},
        from {{ states }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

owners as (select * from relations where relation = 'owner'),

accounts as (select * from relations where relation = 'account'),

moments as (

    select
        opportunity_key,
        changed_at,
    from states

    union distinct

    select
        opportunity_key,
        changed_at,
    from relations

    union distinct

    select
        opportunity_key,
        changed_at,
    from deletions

),

-- Several things may change at one moment; what did not change is NULL.
opportunity_changes as (

    select
        moments.opportunity_key,
        moments.changed_at,
        states.history_source as state_source,
        coalesce(owners.history_source, accounts.history_source) as relation_source,
        owners.related_key as owner_key,
        accounts.related_key as account_key,
        {% for column in opportunity_state_columns() %}
            states.{{ column }},
        {% endfor %}
        deletions.is_deleted,
    from moments
    {% for changes in ['states', 'owners', 'accounts', 'deletions'] %}
        left join {{ changes }}
            on
                moments.opportunity_key = {{ changes }}.opportunity_key
                and moments.changed_at = {{ changes }}.changed_at
    {% endfor %}

)

select * from opportunity_changes
