with

roster as (

    {{
        newest_version(
            'raw_company',
            'roster',
            key=['employee_id', 'valid_from'],
            watermark='_first_extract_date'
        )
    }}

),

roster_rows as (

    select
        employee_id || ':' || cast(valid_from as {{ dbt.type_string() }}) as roster_row_key,
        employee_id,
        manager_id as manager_employee_id,
        user_id,

        employee_name,
        lower(trim(email)) as email,
        role as role_name,
        region,

        hire_date,
        valid_from as valid_from_date,
        valid_to as valid_to_date,
    from roster
    where _deleted_date is null

)

select * from roster_rows
