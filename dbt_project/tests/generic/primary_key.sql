{#- A column, or several together, identify a row, and none of them is ever NULL. -#}
{% test primary_key(model, column_name=none, columns=none) %}
    {%- set key = columns or [column_name] %}
    select
        {{ key | join(', ') }},
        count(*) as row_count,
    from {{ model }}
    group by {{ key | join(', ') }}
    having count(*) > 1 or {{ key | join(' is null or ') }} is null
{% endtest %}
