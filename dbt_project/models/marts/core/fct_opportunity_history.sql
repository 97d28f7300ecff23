{{ config(**replacing('changed_opportunities_give_way()')) }}
{{ config(**replacing('changed_opportunities_give_way()')) }}
with

history as (select * from {{ ref('int_opportunity_history') }}),

opportunity_versions as (

    select
        opportunity_key || ':' || cast(version_number as {{ dbt.type_string() }})
            as opportunity_version_key,
        opportunity_key,
        owner_key,
        account_key,
        stage_key,

        stage_name,
        forecast_category,
        probability,
        history_source,

        amount_original,
        currency_code,

        close_date,
        valid_from,
        valid_to,

        is_closed,
        is_won,
    from history
    where not is_deleted and {{ opportunity_is_changed() }}

)

select * from opportunity_versions
