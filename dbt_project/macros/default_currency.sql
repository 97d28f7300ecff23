{#- The currency of records that name none: the corporate one, else the reporting one. A scalar. -#}
{% macro default_currency() -%}
    (
        select max(currency_code)
        from {{ ref('int_exchange_rates') }}
        where is_default_currency
    )
{%- endmacro %}
