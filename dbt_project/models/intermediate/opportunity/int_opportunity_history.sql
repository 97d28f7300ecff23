with

opportunities as (select * from {{ ref('stg_salesforce__opportunities') }}),

changes as (select * from {{ ref('int_opportunity_changes_joined') }}),

-- What a moment is silent about still holds: it belongs to the last moment that spoke of it.
numbered_changes as (

    select
        *,
        count(stage_name) over so_far as state_number,
        count(owner_key) over so_far as owner_number,
        count(account_key) over so_far as account_number,
        count(is_deleted) over so_far as deletion_number,
    from changes
    window so_far as (
        partition by opportunity_key
        order by changed_at
        rows between unbounded preceding and current row
    )

),

states as (

    select
        opportunity_key,
        changed_at,
        {% for column in opportunity_state_columns() %}
            max({{ column }}) over same_state as {{ column }},
        {% endfor %}
        max(owner_key) over (partition by opportunity_key, owner_number) as owner_key,
        max(account_key) over (partition by opportunity_key, account_number) as account_key,
        coalesce(
            max(is_deleted) over (partition by opportunity_key, deletion_number), false
        ) as is_deleted,
        case
            when max(state_source) over same_state = 'assumed' then 'assumed'
            else coalesce(state_source, relation_source, 'observed')
        end as history_source,
    from numbered_changes
    window same_state as (partition by opportunity_key, state_number)

),

opportunity_versions as (

    select
        states.opportunity_key,
        row_number() over opportunity_states as version_number,
        states.owner_key,
        states.account_key,

        states.stage_name,
        states.forecast_category,
        states.probability,
        states.history_source,

        states.amount as amount_original,
        coalesce(opportunities.currency_code, {{ default_currency() }}) as currency_code,

        states.close_date,
        states.changed_at as valid_from,
        lead(states.changed_at) over opportunity_states as valid_to,

        states.is_closed,
        states.is_won,
        states.is_deleted,
    from states
    inner join opportunities
        on states.opportunity_key = opportunities.opportunity_key
    where states.changed_at < {{ as_of_end() }}
    window opportunity_states as (
        partition by states.opportunity_key order by states.changed_at
    )

)

select * from opportunity_versions
