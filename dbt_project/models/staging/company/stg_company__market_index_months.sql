with

market_index as (

    {{
        newest_version(
            'raw_company', 'market_index', key=['month', 'series'], watermark='_first_extract_date'
        )
    }}

),

market_index_months as (

    select
        series as series_name,
        {{ month_start('month') }} as month_start_date,
        value as index_value,
    from market_index
    where _deleted_date is null

)

select * from market_index_months
