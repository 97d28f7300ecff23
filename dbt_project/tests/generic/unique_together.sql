{#- The columns together identify a row; a NULL is a value like any other. -#}
{% test unique_together(model, columns) %}
    select
        {{ columns | join(', ') }},
        count(*) as row_count,
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}
