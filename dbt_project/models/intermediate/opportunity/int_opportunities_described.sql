with

versions as (select * from {{ ref('int_opportunity_versions_ordered') }}),

-- Stamps may be later than the as-of date, for an extract is taken when that day is over.
known_versions as (

    select * from versions
    where version_number = 1 or effective_at < {{ as_of_end() }}

),

opportunities as (

    select
        opportunity_key,
        source_system,
        campaign_key,

        opportunity_name,
        opportunity_type,
        lead_source,
        loss_reason,
    from known_versions
    qualify row_number() over (partition by opportunity_key order by version_number desc) = 1

)

select * from opportunities
