with

versions as (

    {{ visible_versions('raw_hubspot', 'pipelines') }}

),

ranked_versions as (

    select
        *,
        row_number() over (
            partition by id order by {{ newest_first('updated_at') }}
        ) as version_rank,
    from versions

),

listed_stages as (

    select
        id as pipeline_id,
        label as pipeline_name,
        version_rank,
        _deleted_date is null and not coalesce(archived, false) as is_active_pipeline,
        {{ each_of(json_elements('stages')) }} as stage_json,
    from ranked_versions

),

-- A stage that was taken out of its pipeline is what the last list that held it says.
stages as (

    select
        pipeline_id,
        pipeline_name,
        version_rank,
        is_active_pipeline,
        {{ json_text('stage_json', 'id') }} as stage_id,
        {{ json_text('stage_json', 'label') }} as stage_name,
        cast({{ json_text('stage_json', 'displayOrder') }} as bigint) as sort_order,
        coalesce({{ json_text('stage_json', 'archived') }} = 'true', false) as is_archived,
        coalesce(
            {{ json_text(json_text('stage_json', 'metadata'), 'isClosed') }} = 'true', false
        ) as is_closed,
        {{ hubspot_probability(json_text(json_text('stage_json', 'metadata'), 'probability')) }}
            as default_probability,
    from listed_stages
    qualify row_number() over (partition by pipeline_id, stage_id order by version_rank) = 1

),

deal_stages as (

    select
        {{ hubspot_key('pipeline_id') }} || ':' || stage_id as stage_key,
        {{ hubspot_key('pipeline_id') }} as pipeline_key,

        pipeline_id,
        max(pipeline_name) over (partition by pipeline_id) as pipeline_name,
        stage_id,
        stage_name,
        sort_order,

        case
            when is_closed and default_probability = 1 then 'Closed'
            when is_closed then 'Omitted'
            else 'Pipeline'
        end as forecast_category,
        default_probability,

        version_rank = 1 and is_active_pipeline and not is_archived as is_active,
        is_closed,
        is_closed and coalesce(default_probability = 1, false) as is_won,
    from stages

)

select * from deal_stages
