with

opportunities as (

    select * from {{ ref('int_opportunities_fingerprinted') }}
    where is_changed and not is_gone

),

versions as (

    select versions.*
    from {{ ref('int_opportunity_versions_ordered') }} as versions
    inner join opportunities
        on versions.opportunity_key = opportunities.opportunity_key

),

statements as (

    select
        opportunity_key,
        greatest(effective_at, created_at) as changed_at,
        version_number,
        is_deleted,
    from versions

    union all

    -- Gone from a full extract without a deleted version: purged, by the day of that extract.
    select
        opportunity_key,
        greatest(effective_at, created_at, {{ business_date_start('deleted_date') }}) as changed_at,
        version_number + 1 as version_number,
        true as is_deleted,
    from versions
    where version_rank = 1 and deleted_date is not null

),

deletion_changes as (

    select *
    from statements
    qualify
        is_deleted <> coalesce(
            lag(is_deleted) over (partition by opportunity_key order by version_number), false
        )

),

dated_deletions as (

    select *
    from deletion_changes
    qualify
        row_number() over (
            partition by opportunity_key, changed_at order by version_number desc
        ) = 1

)

select * from dated_deletions
