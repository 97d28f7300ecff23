with

opportunities as (

    select * from {{ ref('int_opportunities_fingerprinted') }}
    where is_changed and not is_gone

),

versions as (select * from {{ ref('int_opportunity_versions_ordered') }}),

relation_changes as (select * from {{ ref('int_opportunity_relation_changes_unioned') }}),

statements as (

    select
        opportunity_key,
        relation,
        'tracked' as history_source,
        changed_at as stated_at,
        1 as source_order,
        relation_change_id,
        cast(null as bigint) as version_number,
        previous_key,
        related_key,
    from relation_changes

    {% for relation in ['owner', 'account'] %}
        union all

        select
            opportunity_key,
            '{{ relation }}' as relation,
            'observed' as history_source,
            effective_at as stated_at,
            2 as source_order,
            null as relation_change_id,
            version_number,
            cast(null as {{ dbt.type_string() }}) as previous_key,
            {{ relation }}_key as related_key,
        from versions
        where {{ relation }}_key is not null
    {% endfor %}

),

numbered_statements as (

    select
        statements.*,
        opportunities.created_at,
        row_number() over (
            partition by statements.opportunity_key, statements.relation
            order by
                statements.stated_at,
                statements.source_order,
                statements.relation_change_id,
                statements.version_number
        ) as statement_number,
    from statements
    inner join opportunities
        on statements.opportunity_key = opportunities.opportunity_key

),

-- What the first statement says of the time before it is carried back to creation.
relations as (

    select
        opportunity_key,
        relation,
        'assumed' as history_source,
        created_at as changed_at,
        0 as statement_number,
        coalesce(previous_key, related_key) as related_key,
    from numbered_statements
    where statement_number = 1

    union all

    select
        opportunity_key,
        relation,
        history_source,
        greatest(stated_at, created_at) as changed_at,
        statement_number,
        related_key,
    from numbered_statements

),

changed_relations as (

    select *
    from relations
    qualify
        statement_number = 0
        or related_key is distinct from lag(related_key) over (
            partition by opportunity_key, relation order by statement_number
        )

),

dated_relations as (

    select *
    from changed_relations
    qualify
        row_number() over (
            partition by opportunity_key, relation, changed_at order by statement_number desc
        ) = 1

)

select * from dated_relations
