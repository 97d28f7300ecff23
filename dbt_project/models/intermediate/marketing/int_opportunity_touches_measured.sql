with

touches as (select * from {{ ref('int_opportunity_touches_ordered') }}),

removal_effects as (select * from {{ ref('int_channel_removal_effects') }}),

touches_with_milestones as (

    select
        touches.*,
        case when touches.touch_number = 1 then 1 else 0 end
        + case when touches.touch_number = touches.lead_touch_number then 1 else 0 end
        + case when touches.touch_number = touches.opportunity_touch_number then 1 else 0 end
            as milestone_count,
        coalesce(removal_effects.removal_effect, 0) as removal_effect,
    from touches
    left join removal_effects on touches.channel = removal_effects.channel

),

measured_touches as (

    select
        *,
        count(case when milestone_count = 0 then 1 end) over (
            partition by opportunity_key
        ) as other_touch_count,
        min(days_before_close) over (partition by opportunity_key) as least_days_before_close,
        max(removal_effect) over (partition by opportunity_key) as greatest_removal_effect,
    from touches_with_milestones

)

select * from measured_touches
