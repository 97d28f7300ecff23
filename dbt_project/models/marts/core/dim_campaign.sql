with

campaigns as (select * from {{ ref('int_campaigns_listed') }}),

matches as (select * from {{ ref('int_campaigns_matched') }}),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

-- Two platforms may serve one campaign of the CRM: it goes under the first channel by name.
advertised_campaigns as (

    select
        matches.reporting_campaign_key as campaign_key,
        min({{ platform_channel('campaigns.source_system') }}) as channel,
    from matches
    inner join campaigns on matches.campaign_key = campaigns.campaign_key
    where matches.reporting_campaign_key is not null
    group by matches.reporting_campaign_key

),

present_campaigns as (

    select
        campaigns.campaign_key,
        campaigns.source_system,
        coalesce(
            matches.reporting_campaign_key, campaigns.campaign_key
        ) as reporting_campaign_key,
        campaigns.parent_campaign_key,
        campaigns.owner_key,

        campaigns.campaign_name,
        campaigns.campaign_type,
        coalesce(
            {{ platform_channel('campaigns.source_system') }},
            advertised_campaigns.channel,
            campaigns.campaign_type,
            'Unattributed'
        ) as channel,
        campaigns.status,
        matches.match_rule,

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
    left join matches on campaigns.campaign_key = matches.campaign_key
    left join advertised_campaigns
        on campaigns.campaign_key = advertised_campaigns.campaign_key
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
