{#-
Where an opportunity's version stands towards the window of a period:

    absent    there is no version yet
    deleted   the record was deleted
    won, lost closed
    omitted   open, but left out of the forecast
    before    open, expected to close before the window
    in        open, expected to close within the window: in its pipeline
    after     open, expected to close after the window

`version` and `period` are the aliases of the two. Judged in this order.
-#}
{% macro pipeline_state(version, period) -%}
    case
        when {{ version }}.opportunity_key is null then 'absent'
        when {{ version }}.is_deleted then 'deleted'
        when {{ version }}.is_closed and {{ version }}.is_won then 'won'
        when {{ version }}.is_closed then 'lost'
        when {{ version }}.forecast_category = 'Omitted' then 'omitted'
        when {{ version }}.close_date < {{ period }}.period_start_date then 'before'
        when {{ version }}.close_date > {{ period }}.period_end_date then 'after'
        when {{ version }}.close_date is not null then 'in'
        else 'undated'
    end
{%- endmacro %}
