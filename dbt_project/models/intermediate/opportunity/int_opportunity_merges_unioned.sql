with

hubspot_merges as (select * from {{ ref('stg_hubspot__deal_merges') }}),

hubspot_versions as (select * from {{ ref('stg_hubspot__deal_versions') }}),

opportunity_merges as (

    select
        hubspot_merges.opportunity_key,
        hubspot_merges.survivor_opportunity_key,
        'hubspot' as source_system,
        hubspot_versions.amount as amount_original,
        hubspot_versions.currency_code,
    from hubspot_merges
    left join hubspot_versions
        on
            hubspot_merges.opportunity_key = hubspot_versions.opportunity_key
            and hubspot_versions.version_rank = 1

)

select * from opportunity_merges
