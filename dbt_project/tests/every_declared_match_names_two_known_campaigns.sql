-- A row here is a pair of `campaign_matches` of which one campaign is in no extract, or deleted.
{{ config(severity='warn') }}
with

campaigns as (select * from {{ ref('dim_campaign') }} where not is_deleted),

declared_matches as (

    {% for ad_campaign_key, crm_campaign_key in var('campaign_matches').items() %}
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

)

select *
from declared_matches
where
    ad_campaign_key not in (select campaigns.campaign_key from campaigns)
    or crm_campaign_key not in (select campaigns.campaign_key from campaigns)
