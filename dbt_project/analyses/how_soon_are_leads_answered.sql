-- How soon are leads answered, and by whom within the target?
with

responses as (select * from {{ published('mart_lead_response') }}),

answers as (

    select
        owner_name,
        sum(lead_count) as lead_count,
        sum(responded_count) as responded_count,
        {{ safe_divide('sum(within_target_count)', 'sum(due_count)') }} as within_target_share,
        median(median_response_minutes) as typical_response_minutes,
    from responses
    group by owner_key, owner_name

)

select * from answers
order by within_target_share desc nulls last, owner_name asc
