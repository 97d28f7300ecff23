{#- First day of the period after the one of that type which begins on a date. -#}
{% macro next_period_start(period_type, period_start_date) -%}
    case {{ period_type }}
        when 'week' then {{ date_plus(period_start_date, 7) }}
        when 'month' then {{ date_plus(period_start_date, 1, 'month') }}
        when 'quarter' then {{ date_plus(period_start_date, 3, 'month') }}
        when 'year' then {{ date_plus(period_start_date, 1, 'year') }}
    end
{%- endmacro %}
