{#-
An amount in the reporting currency, rounded half up to the cent (below zero, half away from zero).
Rates are units per one corporate unit, so the amount is `amount * reporting_rate / rate`. It is
worked out in whole numbers, as millionths of a unit and rates times ten to the tenth, because a
binary fraction may fall on the wrong side of half a cent. NULL without an amount or a rate.
-#}
{% macro convert_amount(amount, rate, reporting_rate) -%}
    {%- set numerator -%}
        {{ whole_number('abs(cast(' ~ amount ~ ' as decimal(24, 6))) * 1000000') }}
        * {{ whole_number(reporting_rate ~ ' * 10000000000') }}
    {%- endset -%}
    {%- set denominator -%}
        10000 * {{ whole_number(rate ~ ' * 10000000000') }}
    {%- endset -%}
    cast(
        cast(
            sign({{ amount }}) * {{ divide_whole_half_up(numerator, denominator) }}
            as decimal(30, 0)
        ) * 0.01 as decimal(18, 2)
    )
{%- endmacro %}

{#- The quotient of two positive whole numbers, rounded half up to a whole number. -#}
{% macro divide_whole_half_up(numerator, denominator) -%}
    {{ return(adapter.dispatch('divide_whole_half_up')(numerator, denominator)) }}
{%- endmacro %}

{% macro default__divide_whole_half_up(numerator, denominator) -%}
    divide(2 * {{ numerator }} + {{ denominator }}, 2 * {{ denominator }})
{%- endmacro %}

{% macro spark__divide_whole_half_up(numerator, denominator) -%}
    ((2 * {{ numerator }} + {{ denominator }}) div (2 * {{ denominator }}))
{%- endmacro %}

{#- A number as the widest whole number there is. -#}
{% macro whole_number(number) -%}
    {{ return(adapter.dispatch('whole_number')(number)) }}
{%- endmacro %}

{% macro default__whole_number(number) -%}
    cast({{ number }} as hugeint)
{%- endmacro %}

{% macro spark__whole_number(number) -%}
    cast({{ number }} as decimal(38, 0))
{%- endmacro %}
