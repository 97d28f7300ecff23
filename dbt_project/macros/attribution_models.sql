{#- The attribution models, in the order they are read. -#}
{% macro attribution_models() -%}
    {{ return([
        'first', 'last', 'linear', 'position', 'w_shaped', 'time_decay', 'markov',
    ]) }}
{%- endmacro %}

{#-
What a touch of int_opportunity_touches_measured weighs in a model, before the weights of its
opportunity are made to add up to 1. Time decay counts from the last touch, which changes all weights
alike.
-#}
{% macro raw_weight(model) -%}
    {%- if model == 'first' -%}
        case when touch_number = 1 then 1 else 0 end
    {%- elif model == 'last' -%}
        case when touch_number = touch_count then 1 else 0 end
    {%- elif model == 'linear' -%}
        1
    {%- elif model == 'position' -%}
        case when touch_number in (1, touch_count) then 0.4 else 0.2 / (touch_count - 2) end
    {%- elif model == 'w_shaped' -%}
        case
            when milestone_count > 0 then 0.3 * milestone_count
            else 0.1 / other_touch_count
        end
    {%- elif model == 'time_decay' -%}
        power(
            2.0, (least_days_before_close - days_before_close) / {{ var('attribution_half_life_days') }}
        )
    {%- elif model == 'markov' -%}
        case when greatest_removal_effect > 0 then removal_effect else 1 end
    {%- endif -%}
{%- endmacro %}
