{#-
Whole months from one date to another: on the 31st a month is over when the shorter month ends. Below
zero where the other date comes first.
-#}
{% macro whole_months_between(first_date, last_date) -%}
    {{ dbt.datediff(first_date, last_date, 'month') }}
    - case
        when {{ date_plus(first_date, dbt.datediff(first_date, last_date, 'month'), 'month') }}
            > {{ last_date }}
            then 1
        else 0
    end
{%- endmacro %}
