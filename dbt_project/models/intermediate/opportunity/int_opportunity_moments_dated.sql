with

states as (select * from {{ ref('int_opportunity_states_dated') }}),

relations as (select * from {{ ref('int_opportunity_relations_dated') }}),

deletions as (select * from {{ ref('int_opportunity_deletions_dated') }}),

changes as (

    select
        opportunity_key,
        changed_at,
        'state' as kind,
    from states

    union all

    select
        opportunity_key,
        changed_at,
        relation as kind,
    from relations

    union all

    select
        opportunity_key,
        changed_at,
        'deletion' as kind,
    from deletions

),

-- Several things may change at one moment.
moments as (

    select
        opportunity_key,
        changed_at,
        {% for kind in ['state', 'owner', 'account', 'deletion'] %}
            max(case when kind = '{{ kind }}' then changed_at end) as {{ kind }}_changed_at,
        {% endfor %}
    from changes
    where changed_at < {{ as_of_end() }}
    group by opportunity_key, changed_at

),

-- What a moment is silent about has held since the last moment that spoke of it.
dated_moments as (

    select
        opportunity_key,
        changed_at,
        {% for kind in ['state', 'owner', 'account', 'deletion'] %}
            max({{ kind }}_changed_at) over so_far as {{ kind }}_since,
        {% endfor %}
        lead(changed_at) over (partition by opportunity_key order by changed_at) as next_changed_at,
    from moments
    window so_far as (
        partition by opportunity_key
        order by changed_at
        rows between unbounded preceding and current row
    )

)

select * from dated_moments
