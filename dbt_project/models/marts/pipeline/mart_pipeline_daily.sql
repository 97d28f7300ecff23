{{ config(**replacing('changed_pipeline_groups_give_way()')) }}
{%- set grain = (pipeline_group_columns() + ['is_changed']) | join(', ') -%}
with

kept_days as (

    {{ kept_pipeline_days() }}

),

dates as (

    select
        dates.calendar_date,
        dates.calendar_date < kept_days.first_date
        or dates.calendar_date > kept_days.last_date as is_new,
    from {{ ref('dim_date') }} as dates
    cross join kept_days
    where dates.calendar_date <= {{ as_of_date() }}

),

new_dates as (select * from dates where is_new),

-- Of a group that has not changed only what reaches into days that are new.
stretches as (

    select * from (
        select
            *,
            {{ pipeline_group_is_changed() }} as is_changed,
        from {{ ref('int_pipeline_stretches_valued') }}
    ) as all_stretches
    where
        is_changed
        or first_date < (select kept_days.first_date from kept_days)
        or until_date > (select kept_days.last_date from kept_days)
        or until_date is null

),

-- Days are added up from what changes on them, so that an opportunity costs two rows however long
-- it stays open, and none is lost on a day on which nothing happens to it.
changes as (

    select
        {{ grain }},
        first_date as change_date,
        1 as open_count,
        coalesce(amount, 0) as open_amount,
        coalesce(weighted_amount, 0) as weighted_amount,
    from stretches

    union all

    select
        {{ grain }},
        until_date as change_date,
        -1 as open_count,
        -coalesce(amount, 0) as open_amount,
        -coalesce(weighted_amount, 0) as weighted_amount,
    from stretches
    where until_date is not null

),

changed_days as (

    select
        {{ grain }},
        change_date,
        sum(open_count) as open_count,
        sum(open_amount) as open_amount,
        sum(weighted_amount) as weighted_amount,
    from changes
    group by {{ grain }}, change_date

),

levels as (

    select
        {{ grain }},
        change_date as first_date,
        lead(change_date) over days as until_date,
        sum(open_count) over days as open_count,
        sum(open_amount) over days as open_amount,
        sum(weighted_amount) over days as weighted_amount,
    from changed_days
    window days as (partition by {{ grain }} order by change_date)

),

open_levels as (

    select
        * except (until_date),
        coalesce(until_date, {{ date_plus(as_of_date(), 1) }}) as until_date,
    from levels
    where open_count > 0

),

changed_levels as (select * from open_levels where is_changed),

kept_levels as (select * from open_levels where not is_changed),

pipeline_days as (

    {% for levels, days in [('changed_levels', 'dates'), ('kept_levels', 'new_dates')] %}
        select
            days.calendar_date as snapshot_date,
            levels.owner_key,
            levels.stage_key,
            levels.stage_name,
            levels.forecast_category,
            levels.close_fiscal_quarter_start_date,
            cast(levels.open_count as bigint) as open_count,
            cast(levels.open_amount as decimal(38, 2)) as open_amount,
            cast(levels.weighted_amount as decimal(38, 6)) as weighted_amount,
        from {{ levels }} as levels
        inner join {{ days }} as days
            on levels.first_date <= days.calendar_date and levels.until_date > days.calendar_date
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from pipeline_days
