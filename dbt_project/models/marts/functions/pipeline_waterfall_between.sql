{{ config(parameters=['first_date', 'last_date']) }}

{%- set columns = [
    'opportunity_key', 'owner_key', 'forecast_category', 'history_source', 'amount_original',
    'currency_code', 'close_date', 'valid_from', 'valid_to', 'is_closed', 'is_won',
] | join(', ') -%}
with

history as (

    select
        {{ columns }},
        false as is_deleted,
    from {{ published('fct_opportunity_history') }}

    union all

    select
        {{ columns }},
        true as is_deleted,
    from {{ published('fct_opportunity_deletion') }}

),

exchange_rates as (select * from {{ published('fct_exchange_rate') }}),

-- A window that is still open ends, for every figure in it, at the as-of date.
bounds as (

    select
        cast(first_date as date) as period_start_date,
        cast(last_date as date) as period_end_date,
        least(cast(last_date as date), calendar_date) as last_seen_date,
    from {{ published('dim_date') }}
    where is_as_of_date

),

windows as (

    select
        opportunities.opportunity_key,
        'window' as period_type,
        bounds.period_start_date,
        bounds.period_end_date,
        bounds.last_seen_date,
        {{ business_date_start('bounds.period_start_date') }} as opening_at,
        {{ business_date_start(date_plus('bounds.last_seen_date', 1)) }} as closing_at,
    from (select distinct opportunity_key from history) as opportunities
    cross join bounds

),

outcome_runs as (

    {{ outcome_runs_query('history') }}

),

period_states as (

    {{ period_states_query('windows', 'history', 'outcome_runs', 'exchange_rates') }}

),

movements as (

    {{ period_movements_query('period_states') }}

),

opportunity_movements as (

    select
        period_start_date,
        period_end_date,
        opportunity_key,
        owner_key,

        entry,
        exit, -- noqa: RF04

        {{ waterfall_part_amounts() }}
    from movements
    where entry is not null and not ({{ stood_unchanged() }})

)

select * from opportunity_movements
