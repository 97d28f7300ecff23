{#- Salesforce's code or label of a forecast category under its name here; NULL for other text. -#}
{% macro forecast_category(code_or_label) -%}
    case replace({{ code_or_label }}, ' ', '')
        when 'Pipeline' then 'Pipeline'
        when 'BestCase' then 'Best Case'
        when 'MostLikely' then 'Most Likely'
        when 'Forecast' then 'Commit'
        when 'Commit' then 'Commit'
        when 'Omitted' then 'Omitted'
        when 'Closed' then 'Closed'
    end
{%- endmacro %}
