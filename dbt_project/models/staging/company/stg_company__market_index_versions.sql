with

versions as (

    {{
        dated_versions(
            'raw_company',
            'market_index',
            key=['month', 'series'],
            watermark='cast(null as ' ~ dbt.type_timestamp() ~ ')'
        )
    }}

),

market_index_versions as (

    select
        series as series_name,
        {{ month_start('month') }} as month_start_date,
        value as index_value,
        valid_from,
        valid_to,
    from versions

)

select * from market_index_versions
