with

roster_rows as (select * from {{ ref('stg_company__roster_rows') }}),

user_versions as (select * from {{ ref('int_users_unioned') }}),

-- An address that two users share identifies nobody.
users_by_email as (

    select
        lower(trim(email)) as email,
        min(user_key) as user_key,
    from user_versions
    where valid_to is null and email is not null
    group by lower(trim(email))
    having count(distinct user_key) = 1

),

identified_rows as (

    select
        roster_rows.*,
        coalesce(
            {{ crm_user_key('roster_rows.user_id') }}, users_by_email.user_key
        ) as user_key,
    from roster_rows
    left join users_by_email on roster_rows.email = users_by_email.email

),

-- What the newest row does not say, an older one may. Who is no user of a CRM goes by the company's
-- own number.
employees as (

    select
        employee_id,
        coalesce(
            max_by(user_key, valid_from_date) filter (where user_key is not null),
            'company:' || employee_id
        ) as user_key,
        count(user_key) > 0 as is_crm_user,
        max_by(hire_date, valid_from_date) filter (where hire_date is not null) as hire_date,
        case
            when count(*) = count(valid_to_date) then max(valid_to_date)
        end as left_date,
        max(valid_from_date) as newest_row_date,
    from identified_rows
    group by employee_id

),

identified_employees as (

    select
        *,
        row_number() over (
            partition by user_key order by newest_row_date desc, employee_id desc
        ) = 1 as is_newest_of_user,
    from employees

)

select * from identified_employees
