with

roster_rows as (select * from {{ ref('stg_company__roster_rows') }}),

employees as (select * from {{ ref('int_employees_identified') }}),

-- A manager who has no row of their own goes by the company's number too.
people_rows as (

    select
        roster_rows.*,
        employees.user_key,
        coalesce(managers.user_key, 'company:' || roster_rows.manager_employee_id) as manager_key,
    from roster_rows
    inner join employees on roster_rows.employee_id = employees.employee_id
    left join employees as managers on roster_rows.manager_employee_id = managers.employee_id

),

changes as (

    select
        user_key,
        valid_from_date as change_date,
    from people_rows

    union distinct

    select
        user_key,
        {{ date_plus('valid_to_date', 1) }} as change_date,
    from people_rows
    where valid_to_date < {{ as_of_date() }}

),

-- Of rows that overlap the one that began last holds; between rows, the one before.
rows_in_force as (

    select
        people_rows.* except (user_key),
        changes.user_key,
        changes.change_date,
    from changes
    inner join people_rows
        on
            changes.user_key = people_rows.user_key
            and changes.change_date >= people_rows.valid_from_date
    qualify
        row_number() over (
            partition by changes.user_key, changes.change_date
            order by
                case when people_rows.valid_to_date < changes.change_date then 1 else 0 end,
                people_rows.valid_from_date desc,
                people_rows.employee_id desc
        ) = 1

),

-- A row still to come does not hold yet, unless nothing else is known.
known_rows as (

    select
        *,
        row_number() over (partition by user_key order by change_date) as term_number,
    from rows_in_force
    qualify
        change_date <= {{ as_of_date() }}
        or row_number() over (partition by user_key order by change_date) = 1

),

roster_terms as (

    select
        user_key || ':' || cast(change_date as {{ dbt.type_string() }}) as roster_term_key,
        user_key,
        manager_key,

        employee_name,
        role_name,
        region,

        case
            when term_number = 1 then {{ beginning_of_time() }}
            else {{ business_date_start('change_date') }}
        end as valid_from,
        lead({{ business_date_start('change_date') }}) over (
            partition by user_key order by change_date
        ) as valid_to,

        coalesce(valid_to_date >= change_date, true) as is_employed,
    from known_rows

)

select * from roster_terms
