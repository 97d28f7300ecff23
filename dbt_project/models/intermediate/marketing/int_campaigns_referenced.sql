with

campaigns as (select * from {{ ref('int_campaigns_described') }}),

references_by_id as (

    select
        'id' as reference_type,
        substr(campaign_key, instr(campaign_key, ':') + 1) as reference_text,
        min(campaign_key) as campaign_key,
    from campaigns
    group by substr(campaign_key, instr(campaign_key, ':') + 1)
    having count(*) = 1

),

-- Campaigns of one name that figures are told under as one are one.
references_by_name as (

    select
        'name' as reference_type,
        lower(trim(campaign_name)) as reference_text,
        min(reporting_campaign_key) as campaign_key,
    from campaigns
    where {{ var('match_campaigns_by_name') }} and not is_deleted
    group by lower(trim(campaign_name))
    having count(distinct reporting_campaign_key) = 1

),

campaign_references as (

    select * from references_by_id

    union all

    select * from references_by_name

)

select * from campaign_references
