with

histories as (

    {{ newest_version('raw_salesforce', 'opportunity_history') }}

),

opportunity_histories as (

    select
        id as opportunity_history_id,
        {{ salesforce_key('opportunity_id') }} as opportunity_key,
        {{ salesforce_key('stage_name') }} as stage_key,

        stage_name,
        {{ forecast_category('forecast_category') }} as forecast_category,

        amount,
        cast(probability * 0.01 as decimal(7, 4)) as probability,

        close_date,
        created_date as changed_at,
    from histories

)

select * from opportunity_histories
