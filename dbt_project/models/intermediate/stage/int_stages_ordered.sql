with

named_stages as (select * from {{ ref('int_stages_named') }}),

trusted_stages as (

    select
        * except (forecast_category, is_closed, is_won),
        coalesce(forecast_category, 'Pipeline') as forecast_category,
        coalesce(is_closed, false) as is_closed,
        coalesce(is_won, false) as is_won,
    from named_stages
    qualify
        row_number() over (
            partition by stage_key
            order by
                source_rank asc,
                is_active desc,
                stated_at desc nulls last,
                sort_order asc nulls last,
                source_id desc,
                source_version desc nulls last
        ) = 1

),

listed_open_stages as (

    select
        *,
        max(sort_order) over (partition by pipeline_key) as last_sort_order,
    from trusted_stages
    where sort_order is not null and not is_closed

),

-- An open stage that the CRM does not list has its place before the first one of a higher
-- probability, or else after the last open one; a closed one comes after all that are listed.
unlisted_places as (

    select
        trusted_stages.stage_key,
        coalesce(
            min(
                case
                    when
                        listed_open_stages.default_probability
                        > coalesce(trusted_stages.default_probability, -1)
                        then listed_open_stages.sort_order
                end
            ) - 0.5,
            max(listed_open_stages.last_sort_order) + 0.5
        ) as place,
    from trusted_stages
    inner join listed_open_stages
        on trusted_stages.pipeline_key = listed_open_stages.pipeline_key
    where trusted_stages.sort_order is null and not trusted_stages.is_closed
    group by trusted_stages.stage_key

),

stages as (

    select
        trusted_stages.stage_key,
        trusted_stages.source_system,
        trusted_stages.pipeline_key,
        max(trusted_stages.pipeline_name) over (
            partition by trusted_stages.pipeline_key
        ) as pipeline_name,
        trusted_stages.stage_name,
        row_number() over (
            partition by trusted_stages.pipeline_key
            order by
                coalesce(trusted_stages.sort_order, unlisted_places.place) nulls last,
                trusted_stages.is_closed,
                trusted_stages.default_probability nulls first,
                trusted_stages.stage_name,
                trusted_stages.stage_key
        ) as stage_order,
        trusted_stages.forecast_category,
        trusted_stages.default_probability,
        trusted_stages.is_active,
        trusted_stages.is_closed,
        trusted_stages.is_won,
    from trusted_stages
    left join unlisted_places
        on trusted_stages.stage_key = unlisted_places.stage_key

)

select * from stages
