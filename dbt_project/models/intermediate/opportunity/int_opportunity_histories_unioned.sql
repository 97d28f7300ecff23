with

salesforce_histories as (select * from {{ ref('stg_salesforce__opportunity_histories') }}),

opportunity_histories as (

    select
        'salesforce' as source_system,
        opportunity_key,
        opportunity_history_id,
        stage_key,
        'salesforce' as pipeline_key,

        stage_name,
        forecast_category,

        amount,
        probability,

        close_date,
        changed_at,
    from salesforce_histories

)

select * from opportunity_histories
