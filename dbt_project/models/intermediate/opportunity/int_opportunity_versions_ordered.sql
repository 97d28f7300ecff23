with

versions as (select * from {{ ref('int_opportunity_versions_unioned') }}),

-- What was known first may have come back after something else was seen: that version is the first
-- to hold, and holds again in its place among the others.
first_versions as (

    select *
    from versions
    qualify
        row_number() over (
            partition by opportunity_key
            order by modified_at asc, first_seen_date asc, version_rank desc
        ) = 1
        and version_rank < max(version_rank) over (partition by opportunity_key)

),

listed_versions as (

    select
        *,
        true as came_back,
    from first_versions

    union all

    select
        *,
        false as came_back,
    from versions

),

-- A version never takes effect before an older one did, so that the newest is the last to hold.
opportunity_versions as (

    select
        opportunity_key,
        source_system,
        case when not came_back then version_rank end as version_rank,
        row_number() over oldest_first as version_number,
        owner_key,
        account_key,
        campaign_key,
        stage_key,
        pipeline_key,

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
    from listed_versions
    window oldest_first as (
        partition by opportunity_key
        order by came_back desc, listed_versions.version_rank desc
        rows between unbounded preceding and current row
    )

)

select * from opportunity_versions
