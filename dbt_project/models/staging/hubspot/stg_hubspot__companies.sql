with

versions as (

    {{
        dated_versions(
            'raw_hubspot', 'companies', watermark='coalesce(hs_lastmodifieddate, updated_at)'
        )
    }}

),

owner_names as (select * from {{ ref('stg_hubspot__owner_names') }}),

listed_merges as (

    select
        id,
        {{ each_of(split_at_semicolons('hs_merged_object_ids')) }} as merged_id,
    from versions
    where hs_merged_object_ids is not null

),

-- The survivor lists those that were merged into it.
merges as (

    select
        trim(merged_id) as merged_id,
        min(id) as survivor_id,
    from listed_merges
    where trim(merged_id) not in ('', id)
    group by trim(merged_id)

),

company_versions as (

    select
        {{ hubspot_key('versions.id') }} as account_key,
        {{ hubspot_key('versions.id') }} || ':' || versions._row_hash as account_version_key,
        {{ hubspot_key('merges.survivor_id') }} as master_account_key,
        {{ hubspot_key('versions.hs_parent_company_id') }} as parent_account_key,
        coalesce(
            {{ hubspot_key('versions.hubspot_owner_id') }}, owner_names.owner_key
        ) as owner_key,

        coalesce(versions.name, versions.domain) as account_name,
        versions.type as account_type,
        versions.industry,
        versions.annualrevenue as annual_revenue_amount_original,
        versions.numberofemployees as employee_count,
        versions.city,
        versions.country,

        coalesce(versions.createdate, versions.created_at) as created_at,
        versions.valid_from,
        versions.valid_to,

        coalesce(versions.archived, false) as is_deleted,
    from versions
    left join merges on versions.id = merges.merged_id
    left join owner_names on versions.hubspot_owner_name = owner_names.owner_name

)

select * from company_versions
