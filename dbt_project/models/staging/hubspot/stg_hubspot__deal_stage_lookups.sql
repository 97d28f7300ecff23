with

stages as (select * from {{ ref('stg_hubspot__deal_stages') }}),

-- The API writes ids, a screen export labels; a stage in one pipeline only needs no pipeline.
named_stages as (

    {% for stage_text in ['stage_id', 'stage_name'] %}
        {% for pipeline_text in ['pipeline_id', 'pipeline_name'] %}
            select
                {{ loop.index }} as trust_rank,
                {{ pipeline_text }} as pipeline_text,
                {{ stage_text }} as stage_text,
                stages.*,
            from stages

            union all
        {% endfor %}

        select
            3 as trust_rank,
            '' as pipeline_text,
            {{ stage_text }} as stage_text,
            stages.*,
        from stages
        qualify count(*) over (partition by {{ stage_text }}) = 1

        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

stage_lookups as (

    select
        pipeline_text,
        stage_text,
        stage_key,
        pipeline_key,
        stage_name,
        default_probability,
        is_closed,
        is_won,
    from named_stages
    qualify
        row_number() over (
            partition by pipeline_text, stage_text
            order by
                case when stage_text = stage_id then 0 else 1 end asc,
                trust_rank asc,
                is_active desc,
                stage_key asc
        ) = 1

)

select * from stage_lookups
