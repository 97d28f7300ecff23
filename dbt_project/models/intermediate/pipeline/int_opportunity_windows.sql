{{ config(**replacing('changed_periods_give_way()')) }}
with

history as (

    select
        *,
        {{ opportunity_is_changed() }} as is_changed,
    from {{ ref('int_opportunity_history') }}

),

changed_history as (select * from history where is_changed),

kept_history as (select * from history where not is_changed),

periods as (select * from {{ ref('int_periods') }}),

new_periods as (

    select * from periods
    where {{ period_is_new() }}

),

-- An opportunity matters to a period whose window holds its close date, at the opening or closing.
windows as (

    {% for versions, spans in [('changed_history', 'periods'), ('kept_history', 'new_periods')] %}
        select
            versions.opportunity_key,
            spans.*,
        from {{ versions }} as versions
        inner join {{ spans }} as spans
            on
                versions.close_date between spans.period_start_date and spans.period_end_date
                and versions.valid_from < spans.closing_at
                and (versions.valid_to >= spans.opening_at or versions.valid_to is null)
        where
            versions.valid_from < spans.opening_at
            or versions.valid_to >= spans.closing_at
            or versions.valid_to is null
        {% if not loop.last %}union distinct{% endif %}
    {% endfor %}

)

select * from windows
