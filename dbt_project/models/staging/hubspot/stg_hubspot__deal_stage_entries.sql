with

deals as (

    select * from {{ ref('stg_hubspot__deal_versions') }}
    where version_rank = 1 and other_properties is not null

),

stages as (select * from {{ ref('stg_hubspot__deal_stages') }}),

other_properties as (

    select
        opportunity_key,
        other_properties,
        {{ each_of(json_object_keys('other_properties')) }} as property_name,
    from deals

),

entry_properties as (

    select
        opportunity_key,
        substr(property_name, length('hs_v2_date_entered_') + 1) as stage_text,
        {{ hubspot_moment(json_text_of('other_properties', 'property_name')) }} as entered_at,
    from other_properties
    where property_name like 'hs|_v2|_date|_entered|_%' escape '|'

),

-- The name of the property may have a further number after the stage's id.
stage_entries as (

    select
        entry_properties.opportunity_key,
        stages.pipeline_id,
        stages.stage_id,
        entry_properties.entered_at,
    from entry_properties
    inner join stages
        on
            entry_properties.stage_text = stages.stage_id
            or starts_with(entry_properties.stage_text, stages.stage_id || '_')
    where entry_properties.entered_at is not null
    qualify
        row_number() over (
            partition by entry_properties.opportunity_key, entry_properties.stage_text
            order by length(stages.stage_id) desc, stages.stage_key
        ) = 1

)

select * from stage_entries
