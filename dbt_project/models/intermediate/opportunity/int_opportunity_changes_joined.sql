with

known_states as (select * from {{ ref('int_opportunity_states_known') }}),

assumed_states as (select * from {{ ref('int_opportunity_states_assumed') }}),

relations as (select * from {{ ref('int_opportunity_relations_dated') }}),

deletions as (select * from {{ ref('int_opportunity_deletions_dated') }}),

states as (

    select
        {{ opportunity_state_columns() | join(', ') }},
        opportunity_key,
        changed_at,
        history_source,
    from known_states

    union all

    select
        {{ opportunity_state_columns() | join(', ') }},
        opportunity_key,
        changed_at,
        history_source,
    from assumed_states

),

owners as (select * from relations where relation = 'owner'),

accounts as (select * from relations where relation = 'account'),

-- Several things may change at one moment.
moments as (

    select opportunity_key, changed_at from states
    union
    select opportunity_key, changed_at from relations
    union
    select opportunity_key, changed_at from deletions

),

opportunity_changes as (

    select
        moments.opportunity_key,
        moments.changed_at,
        {%- for column in opportunity_state_columns() %}
            states.{{ column }},
        {%- endfor %}
        owners.related_key as owner_key,
        accounts.related_key as account_key,
        deletions.is_deleted,
        states.history_source as state_source,
        coalesce(owners.history_source, accounts.history_source) as relation_source,
    from moments
    {%- for change in ['states', 'owners', 'accounts', 'deletions'] %}
        left join {{ change }}
            on
                moments.opportunity_key = {{ change }}.opportunity_key
                and moments.changed_at = {{ change }}.changed_at
    {%- endfor %}

)

select * from opportunity_changes
