with

field_histories as (

    {{ newest_version('raw_salesforce', 'opportunity_field_history', watermark='created_date') }}

),

opportunity_field_histories as (

    select
        id as opportunity_field_history_id,
        {{ salesforce_key('opportunity_id') }} as opportunity_key,

        field as field_name,
        data_type,
        old_value,
        new_value,

        created_date as changed_at,
    from field_histories

)

select * from opportunity_field_histories
