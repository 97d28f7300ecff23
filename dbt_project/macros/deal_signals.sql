{#- The flags of mart_deal_health, each of which warns of something. -#}
{% macro deal_signals() -%}
    {{ return([
        'is_past_due', 'is_pushed_repeatedly', 'is_silent', 'is_stuck', 'is_single_contact',
        'is_amount_cut', 'is_stage_regressed',
    ]) }}
{%- endmacro %}
