with

opportunities as (select * from {{ ref('fct_opportunity') }} where not is_closed),

users as (select * from {{ ref('dim_user') }}),

activities as (select * from {{ ref('int_opportunity_activities_counted') }}),

contacts as (select * from {{ ref('int_opportunity_contacts_counted') }}),

peaks as (select * from {{ ref('int_opportunity_amounts_peaked') }}),

won_days as (select * from {{ ref('int_stage_won_days') }}),

evidence as (

    select
        opportunities.opportunity_key,
        opportunities.source_system,
        opportunities.account_key,
        opportunities.owner_key,
        users.manager_key,

        opportunities.opportunity_name,
        opportunities.stage_key,
        opportunities.stage_name,
        opportunities.forecast_category,

        opportunities.amount,
        opportunities.amount_original,
        opportunities.currency_code,
        peaks.highest_amount_original,
        peaks.highest_amount,

        opportunities.close_date,
        case
            when opportunities.is_past_due
                then {{ dbt.datediff('opportunities.close_date', as_of_date(), 'day') }}
        end as past_due_days,
        opportunities.push_count,
        activities.last_activity_date,
        -- What was never touched has been silent since its creation.
        case
            when activities.opportunity_key is not null
                then {{ dbt.datediff(
                    'coalesce(activities.last_activity_date, opportunities.created_date)',
                    as_of_date(),
                    'day'
                ) }}
        end as silent_days,
        opportunities.days_in_stage,
        won_days.won_days_p75 as stage_won_days_p75,
        contacts.contact_count,
        opportunities.stage_regression_count,

        opportunities.is_past_due,
    from opportunities
    left join users on opportunities.owner_key = users.user_key
    left join activities on opportunities.opportunity_key = activities.opportunity_key
    left join contacts on opportunities.opportunity_key = contacts.opportunity_key
    left join peaks on opportunities.opportunity_key = peaks.opportunity_key
    left join won_days
        on opportunities.stage_key = won_days.stage_key

),

signals as (

    select
        *,
        push_count >= 2 as is_pushed_repeatedly,
        coalesce(silent_days >= 14, false) as is_silent,
        coalesce(days_in_stage > stage_won_days_p75, false) as is_stuck,
        coalesce(contact_count <= 1, false) as is_single_contact,
        highest_amount_original is not null
        and coalesce(amount_original < highest_amount_original, true) as is_amount_cut,
        stage_regression_count > 0 as is_stage_regressed,
    from evidence

),

counted_signals as (

    select
        *,
        {% for signal in deal_signals() -%}
            case when {{ signal }} then 1 else 0 end{% if not loop.last %} + {% endif %}
        {%- endfor %} as signal_count,
    from signals

),

deal_health as (

    select
        *,
        cast(
            case when signal_count > 0 then coalesce(amount, 0) else 0 end as decimal(18, 2)
        ) as at_risk_amount,
    from counted_signals

)

select * from deal_health
