with

conversion_rates as (

    {{ newest_version('raw_salesforce', 'dated_conversion_rate') }}

),

dated_rates as (

    select
        id as dated_rate_id,
        iso_code as currency_code,
        conversion_rate as rate,
        start_date,
        system_modstamp as modified_at,
    from conversion_rates
    where _deleted_date is null

)

select * from dated_rates
