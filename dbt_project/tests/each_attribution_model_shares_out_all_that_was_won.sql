-- A row here is a figure of campaigns, or of channels, that adds up to something else than what was
-- won, what is unattributed included: a deal is lost on the way, or counted twice.
{%- set columns = ['won_amount'] -%}
{%- for model in attribution_models() -%}
    {%- do columns.append('attributed_won_amount_' ~ model) -%}
{%- endfor %}
with

won as (

    select coalesce(sum(amount), 0) as expected_amount
    from {{ ref('fct_opportunity') }}
    where is_won and close_date <= {{ as_of_date() }}

),

shared_amounts as (

    {% for mart in ['mart_campaign_performance', 'mart_channel_performance'] %}
        {% set is_last_mart = loop.last %}
        {% for column in columns %}
            select
                '{{ mart }}' as mart_name,
                '{{ column }}' as figure_name,
                coalesce(sum({{ column }}), 0) as shared_amount,
            from {{ ref(mart) }}
            {% if not (is_last_mart and loop.last) %}union all{% endif %}
        {% endfor %}
    {% endfor %}

)

select
    shared_amounts.*,
    won.expected_amount,
from shared_amounts
cross join won
where shared_amounts.shared_amount != won.expected_amount
