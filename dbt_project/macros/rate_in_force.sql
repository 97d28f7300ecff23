{#- Join condition on int_exchange_rates: the rates of a currency that are in force on a date. -#}
{% macro rate_in_force(rates, currency_code, date) -%}
    {{ currency_code }} = {{ rates }}.currency_code
    and {{ date }} >= {{ rates }}.valid_from_date
    and ({{ date }} < {{ rates }}.valid_to_date or {{ rates }}.valid_to_date is null)
{%- endmacro %}
