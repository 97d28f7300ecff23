with

versions as (select * from {{ ref('stg_salesforce__opportunity_versions') }}),

-- A version never takes effect before an older one did, so that the newest is the last to hold.
opportunity_versions as (

    select
        opportunity_key,
        source_system,
        version_rank,
        row_number() over oldest_first as version_number,
        owner_key,
        account_key,
        campaign_key,

        opportunity_name,
        opportunity_type,
        lead_source,
        loss_reason,
        stage_name,
        forecast_category,
        probability,
        amount,

        created_at,
        close_date,
        max(modified_at) over oldest_first as effective_at,
        deleted_date,

        is_closed,
        is_won,
        is_deleted,
    from versions
    window oldest_first as (
        partition by opportunity_key
        order by version_rank desc
        rows between unbounded preceding and current row
    )

)

select * from opportunity_versions
