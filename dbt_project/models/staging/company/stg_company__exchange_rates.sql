with

exchange_rates as (

    {{
        newest_version(
            'raw_company',
            'exchange_rates',
            key=['currency_code', 'valid_from'],
            watermark='_first_extract_date'
        )
    }}

),

dated_rates as (

    select
        currency_code,
        valid_from as start_date,
        rate,
    from exchange_rates
    where _deleted_date is null

)

select * from dated_rates
