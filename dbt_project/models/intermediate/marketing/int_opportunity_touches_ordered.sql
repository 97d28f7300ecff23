with

opportunities as (select * from {{ ref('int_opportunity_outcomes') }}),

opportunity_people as (select * from {{ ref('int_opportunity_people_linked') }}),

touches as (select * from {{ ref('int_touches_unioned') }}),

leads as (select * from {{ ref('int_leads_described') }}),

lead_stages as (select * from {{ ref('int_lead_stages_dated') }}),

-- What is open may still close: it is seen as of the as-of date.
closings as (

    select
        opportunity_key,
        created_at,
        coalesce(closed_at, {{ as_of_end() }}) as ends_at,
        case
            when closed_at is null then {{ as_of_date() }}
            else {{ to_business_date('closed_at') }}
        end as end_date,
        is_closed,
        is_won,
    from opportunities

),

-- The lead creation of an opportunity is that of the first of its people to be known.
lead_creations as (

    select
        opportunity_people.opportunity_key,
        min(coalesce(lead_stages.became_lead_at, leads.created_at)) as lead_created_at,
    from opportunity_people
    inner join leads on opportunity_people.lead_key = leads.lead_key
    left join lead_stages on leads.lead_key = lead_stages.lead_key
    group by opportunity_people.opportunity_key

),

opportunity_touches as (

    select
        opportunity_people.opportunity_key,
        touches.* except (opportunity_key),
    from touches
    inner join opportunity_people on touches.lead_key = opportunity_people.lead_key

    union all

    select
        opportunity_key,
        * except (opportunity_key),
    from touches
    where opportunity_key is not null

),

counted_touches as (

    select
        opportunity_touches.opportunity_key,
        opportunity_touches.touchpoint_key,
        opportunity_touches.campaign_key,
        opportunity_touches.channel,
        opportunity_touches.touched_at,
        {{ dbt.datediff('opportunity_touches.touched_date', 'closings.end_date', 'day') }}
            as days_before_close,
        opportunity_touches.touched_at <= lead_creations.lead_created_at as is_before_lead,
        opportunity_touches.touched_at <= closings.created_at as is_before_opportunity,
        closings.is_closed,
        closings.is_won,
    from opportunity_touches
    inner join closings on opportunity_touches.opportunity_key = closings.opportunity_key
    left join lead_creations
        on opportunity_touches.opportunity_key = lead_creations.opportunity_key
    where
        opportunity_touches.touched_at < closings.ends_at
        and opportunity_touches.touched_date
        >= {{ date_plus('closings.end_date', -(var('attribution_window_days') | int)) }}

),

ordered_touches as (

    select
        *,
        row_number() over touches_of_opportunity as touch_number,
        count(*) over (partition by opportunity_key) as touch_count,
        count(case when is_before_lead then 1 end) over (
            partition by opportunity_key
        ) as lead_touch_number,
        count(case when is_before_opportunity then 1 end) over (
            partition by opportunity_key
        ) as opportunity_touch_number,
    from counted_touches
    window touches_of_opportunity as (
        partition by opportunity_key order by touched_at, touchpoint_key
    )

)

select * from ordered_touches
