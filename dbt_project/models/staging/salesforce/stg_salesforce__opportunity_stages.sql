with

stages as (

    {{ newest_version('raw_salesforce', 'opportunity_stage') }}

),

opportunity_stages as (

    select
        id as opportunity_stage_id,
        {{ salesforce_key('coalesce(api_name, master_label)') }} as stage_key,
        coalesce(api_name, master_label) as stage_name,
        sort_order,

        coalesce(
            {{ forecast_category('forecast_category') }},
            {{ forecast_category('forecast_category_name') }}
        ) as forecast_category,
        cast(default_probability * 0.01 as decimal(7, 4)) as default_probability,

        coalesce(is_active, true) as is_active,
        coalesce(is_closed, false) as is_closed,
        coalesce(is_won, false) as is_won,
    from stages
    where _deleted_date is null

)

select * from opportunity_stages
