{#- The currency of a record: the one it names, else the corporate one, else the reporting one. -#}
{% macro record_currency(currency_code) -%}
    coalesce(
            {{ currency_code }},
            (
                select max(currency_code)
                from {{ ref('int_exchange_rates') }}
                where is_default_currency
            )
        )
{%- endmacro %}
