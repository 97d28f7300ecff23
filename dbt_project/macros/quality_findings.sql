{#-
A query of what does not pass, in the columns that data_quality_summary reads: a row for each row of
`judged` (source_system, object_name, found_in, amount) and each of `rules` (check name: condition under which a
row does not pass, and what became of it) whose condition holds. Such rows are in the marts and may
be wrong.
-#}
{% macro quality_findings(judged, rules) -%}
    {% for check_name, rule in rules.items() %}
        {{ 'union all' if not loop.first }}

        select
            source_system as source,
            object_name as object,
            '{{ check_name }}' as check_name,
            '{{ rule[1] }}' as description,
            'warning' as severity,
            found_in,
            1 as rows_affected,
            amount as amount_affected,
        from {{ judged }}
        where {{ rule[0] }}
    {% endfor %}
{%- endmacro %}

{#- The vendor's name of an object that several sources deliver, by the source in which it is. -#}
{% macro object_name(source_system, names) -%}
    case {{ source_system }}
        {%- for name_of, name in names.items() %}
            when '{{ name_of }}' then '{{ name }}'
        {%- endfor %}
    end
{%- endmacro %}
