{%- set declared_matches = var('campaign_matches') -%}
with

campaigns as (select * from {{ ref('int_campaigns_listed') }}),

ad_campaigns as (select * from campaigns where source_system != 'salesforce'),

crm_campaigns as (

    select * from campaigns
    where source_system = 'salesforce' and not is_deleted

),

declared_pairs as (

    {% for ad_campaign_key, crm_campaign_key in declared_matches.items() %}
        select
            '{{ ad_campaign_key }}' as ad_campaign_key,
            '{{ crm_campaign_key }}' as crm_campaign_key,
        union all
    {% endfor %}
    select
        campaign_key as ad_campaign_key,
        campaign_key as crm_campaign_key,
    from campaigns
    where false

),

declared_matches as (

    select
        ad_campaigns.campaign_key,
        crm_campaigns.campaign_key as reporting_campaign_key,
        'declared' as match_rule,
    from declared_pairs
    inner join ad_campaigns on declared_pairs.ad_campaign_key = ad_campaigns.campaign_key
    inner join crm_campaigns on declared_pairs.crm_campaign_key = crm_campaigns.campaign_key

),

-- A name that several campaigns of the CRM have says nothing.
same_names as (

    select
        ad_campaigns.campaign_key,
        case when count(*) = 1 then max(crm_campaigns.campaign_key) end as reporting_campaign_key,
        case when count(*) = 1 then 'same_name' else 'ambiguous_name' end as match_rule,
    from ad_campaigns
    inner join crm_campaigns
        on lower(trim(ad_campaigns.campaign_name)) = lower(trim(crm_campaigns.campaign_name))
    where
        {{ var('match_campaigns_by_name') }}
        and ad_campaigns.campaign_key not in (
            select declared_matches.campaign_key from declared_matches
        )
    group by ad_campaigns.campaign_key

),

matched_campaigns as (

    select * from declared_matches

    union all

    select * from same_names

)

select * from matched_campaigns
