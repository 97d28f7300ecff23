with

versions as (

    {{
        dated_versions(
            'raw_company',
            'quota',
            key=['employee_id', 'month', 'quota_type'],
            watermark='cast(null as ' ~ dbt.type_timestamp() ~ ')'
        )
    }}

),

quota_versions as (

    select
        'company:' || employee_id || ':' || cast(month as {{ dbt.type_string() }})
        || ':' || quota_type as quota_key,
        'company:' || employee_id || ':' || cast(month as {{ dbt.type_string() }})
        || ':' || quota_type || ':' || _row_hash as quota_version_key,
        employee_id,

        {{ month_start('month') }} as month_start_date,
        lower(trim(quota_type)) as quota_type,

        amount as amount_original,
        currency_code,

        valid_from,
        valid_to,
    from versions

)

select * from quota_versions
