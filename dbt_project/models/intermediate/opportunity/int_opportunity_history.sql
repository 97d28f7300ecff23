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

filled_changes as (

    select
        opportunity_key,
        changed_at,
        {%- for column in opportunity_state_columns() %}
            max({{ column }}) over same_state as {{ column }},
        {%- endfor %}
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

opportunity_history as (

    select
        changes.opportunity_key,
        row_number() over versions as version_number,
        changes.owner_key,
        changes.account_key,

        changes.stage_name,
        changes.forecast_category,
        changes.probability,
        changes.history_source,

        changes.amount as amount_original,
        coalesce(opportunities.currency_code, {{ default_currency() }}) as currency_code,

        changes.close_date,
        changes.changed_at as valid_from,
        lead(changes.changed_at) over versions as valid_to,

        changes.is_closed,
        changes.is_won,
        changes.is_deleted,
    from filled_changes as changes
    inner join opportunities
        on changes.opportunity_key = opportunities.opportunity_key
    where changes.changed_at < {{ as_of_end() }}
    window versions as (partition by changes.opportunity_key order by changes.changed_at)

)

select * from opportunity_history
