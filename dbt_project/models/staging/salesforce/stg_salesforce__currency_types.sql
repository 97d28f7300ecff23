with

currency_types as (

    {{ newest_version('raw_salesforce', 'currency_type') }}

),

currencies as (

    select
        iso_code as currency_code,
        case when is_corporate then coalesce(conversion_rate, 1) else conversion_rate end as rate,
        coalesce(is_corporate, false) as is_corporate,
        system_modstamp as modified_at,
    from currency_types
    where _deleted_date is null

)

select * from currencies
