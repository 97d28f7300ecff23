{#-
What marketing spent and what came of it, one row per measure that something adds to: the month, the
campaign that figures are told under (NULL where none is known), the channel, the measure's name and
a value. The won amount is there once as it is, by what brought the opportunity, and once for each
attribution model, by its touches; what has no touches is unattributed.
-#}
{% macro marketing_measures() -%}
    with

    campaigns as (select * from {{ ref('dim_campaign') }}),

    ad_days as (

        select
            campaigns.reporting_campaign_key,
            ad_days.*,
        from {{ ref('fct_ad_performance_daily') }} as ad_days
        inner join campaigns on ad_days.ad_campaign_key = campaigns.campaign_key

    ),

    leads as (select * from {{ ref('fct_lead') }} where is_lead),

    opportunities as (select * from {{ ref('fct_opportunity') }}),

    won_opportunities as (

        select
            *,
            amount as won_amount,
        from opportunities
        where is_won and close_date <= {{ as_of_date() }}

    ),

    new_customers as (

        select won_opportunities.*
        from won_opportunities
        inner join {{ ref('dim_account') }} as accounts
            on won_opportunities.account_key = accounts.account_key
        qualify
            row_number() over (
                partition by accounts.survivor_account_key
                order by won_opportunities.close_date, won_opportunities.opportunity_key
            ) = 1

    ),

    attributed_amounts as (

        select
            campaigns.reporting_campaign_key,
            attribution.channel,
            attribution.attribution_model,
            won_opportunities.close_date,
            attribution.attributed_amount,
        from {{ ref('fct_attribution') }} as attribution
        inner join won_opportunities
            on attribution.opportunity_key = won_opportunities.opportunity_key
        left join campaigns on attribution.campaign_key = campaigns.campaign_key

        {% for model in attribution_models() %}
            union all

            select
                null as reporting_campaign_key,
                'Unattributed' as channel,
                '{{ model }}' as attribution_model,
                close_date,
                won_amount as attributed_amount,
            from won_opportunities
            where touch_count = 0
        {% endfor %}

    )

    {% for measure in ['impression_count', 'click_count', 'spend_amount'] %}
        {{ measure_rows('ad_days', measure, 'ad_date', 'reporting_campaign_key', 'channel', measure) }}
        union all
    {% endfor %}
    {% for measure, date in [
        ('lead_count', 'became_lead_date'), ('mql_count', 'mql_date'), ('sql_count', 'sql_date'),
    ] %}
        {{ measure_rows('leads', measure, date, 'campaign_key', 'channel', '1') }}
        union all
    {% endfor %}
    {% for relation, measure, date, value in [
        ('opportunities', 'opportunity_count', 'created_date', '1'),
        ('opportunities', 'pipeline_amount', 'created_date', 'created_amount'),
        ('won_opportunities', 'won_count', 'close_date', '1'),
        ('won_opportunities', 'won_amount', 'close_date', 'won_amount'),
        ('new_customers', 'new_customer_count', 'close_date', '1'),
    ] %}
        {{
            measure_rows(
                relation, measure, date, 'source_campaign_key', 'source_channel', value
            )
        }}
        union all
    {% endfor %}
    select
        {{ month_start('close_date') }} as month_start_date,
        reporting_campaign_key as campaign_key,
        channel,
        'attributed_won_amount_' || attribution_model as measure,
        cast(attributed_amount as decimal(18, 2)) as value,
    from attributed_amounts
{%- endmacro %}

{% macro measure_rows(relation, measure, date, campaign_key, channel, value) -%}
    select
        {{ month_start(date) }} as month_start_date,
        {{ campaign_key }} as campaign_key,
        {{ channel }} as channel,
        '{{ measure }}' as measure,
        cast({{ value }} as decimal(18, 2)) as value,
    from {{ relation }}
    where {{ date }} is not null
{%- endmacro %}
