with

ramp as (

    {{
        newest_version(
            'raw_company', 'ramp', key=['role', 'tenure_month'], watermark='_first_extract_date'
        )
    }}

),

ramp_months as (

    select
        role as role_name,
        tenure_month,
        ramp_rate,
    from ramp
    where _deleted_date is null

)

select * from ramp_months
