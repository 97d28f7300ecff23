with

campaigns as (select * from {{ ref('int_campaigns_described') }}),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

present_campaigns as (

    select
        campaigns.campaign_key,
        campaigns.source_system,
        campaigns.reporting_campaign_key,
        campaigns.parent_campaign_key,
        campaigns.owner_key,

        campaigns.campaign_name,
        campaigns.campaign_type,
        campaigns.channel,
        campaigns.status,
        campaigns.match_rule,

        {% for cost in ['budgeted_cost_amount', 'actual_cost_amount'] %}
            {{
                convert_amount(
                    'campaigns.' ~ cost ~ '_original',
                    'exchange_rates.rate',
                    'exchange_rates.reporting_rate'
                )
            }} as {{ cost }},
            campaigns.{{ cost }}_original,
        {% endfor %}
        campaigns.currency_code,

        campaigns.start_date,
        campaigns.end_date,

        campaigns.source_system != 'salesforce' as is_advertising,
        campaigns.is_deleted,
    from campaigns
    left join exchange_rates
        on {{
            rate_in_force(
                'exchange_rates',
                'campaigns.currency_code',
                'coalesce(campaigns.start_date, ' ~ as_of_date() ~ ')'
            )
        }}

)

select * from present_campaigns
