with

versions as (

    {{ visible_versions('raw_hubspot', 'deals') }}

),

merges as (

    select
        id,
        {{ each_of(split_at_semicolons('hs_merged_object_ids')) }} as merged_id,
    from versions
    where hs_merged_object_ids is not null

),

deal_merges as (

    select
        {{ hubspot_key('trim(merged_id)') }} as opportunity_key,
        min({{ hubspot_key('id') }}) as survivor_opportunity_key,
    from merges
    where trim(merged_id) not in ('', id)
    group by trim(merged_id)

)

select * from deal_merges
