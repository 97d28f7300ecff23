{{ config(**replacing('changed_opportunities_give_way()')) }}
with

moments as (select * from {{ ref('int_opportunity_moments_dated') }}),

opportunities as (select * from {{ ref('int_opportunities_fingerprinted') }}),

states as (select * from {{ ref('int_opportunity_states_dated') }}),

relations as (select * from {{ ref('int_opportunity_relations_dated') }}),

deletions as (select * from {{ ref('int_opportunity_deletions_dated') }}),

owners as (select * from relations where relation = 'owner'),

accounts as (select * from relations where relation = 'account'),

opportunity_versions as (

    select
        moments.opportunity_key,
        row_number() over (
            partition by moments.opportunity_key order by moments.changed_at
        ) as version_number,
        opportunities.source_system,
        owners.related_key as owner_key,
        accounts.related_key as account_key,
        states.stage_key,

        states.stage_name,
        states.forecast_category,
        states.probability,
        case
            when states.history_source = 'assumed' then 'assumed'
            when moments.state_since = moments.changed_at then states.history_source
            when moments.owner_since = moments.changed_at then owners.history_source
            when moments.account_since = moments.changed_at then accounts.history_source
            else 'observed'
        end as history_source,

        states.amount as amount_original,
        {{ record_currency('opportunities.currency_code') }} as currency_code,

        states.close_date,
        moments.changed_at as valid_from,
        moments.next_changed_at as valid_to,

        states.is_closed,
        states.is_won,
        coalesce(deletions.is_deleted, false) as is_deleted,
    from moments
    inner join opportunities
        on moments.opportunity_key = opportunities.opportunity_key
    inner join states
        on
            moments.opportunity_key = states.opportunity_key
            and moments.state_since = states.changed_at
    left join owners
        on
            moments.opportunity_key = owners.opportunity_key
            and moments.owner_since = owners.changed_at
    left join accounts
        on
            moments.opportunity_key = accounts.opportunity_key
            and moments.account_since = accounts.changed_at
    left join deletions
        on
            moments.opportunity_key = deletions.opportunity_key
            and moments.deletion_since = deletions.changed_at

)

select * from opportunity_versions
