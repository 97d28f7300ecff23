with

named_stages as (select * from {{ ref('int_stages_unioned') }}),

trusted_stages as (

    select *
    from named_stages
    qualify
        row_number() over (
            partition by stage_name
            order by
                source_rank asc,
                is_active desc,
                stated_at desc nulls last,
                sort_order asc nulls last,
                source_id desc
        ) = 1

),

stages as (

    select
        'salesforce' as source_system,
        stage_name,
        row_number() over (
            order by
                sort_order nulls last,
                is_closed nulls first,
                default_probability nulls first,
                stage_name
        ) as stage_order,
        coalesce(forecast_category, 'Pipeline') as forecast_category,
        default_probability,
        is_active,
        coalesce(is_closed, false) as is_closed,
        coalesce(is_won, false) as is_won,
    from trusted_stages

)

select * from stages
