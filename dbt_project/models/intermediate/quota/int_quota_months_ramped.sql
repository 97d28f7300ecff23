with

quotas as (select * from {{ ref('int_quotas_valued') }} where is_current),

employees as (select * from {{ ref('int_employees_identified') }} where is_newest_of_user),

roster_rows as (select * from {{ ref('stg_company__roster_rows') }}),

ramp_stretches as (select * from {{ ref('int_ramp_stretches') }}),

-- The company's sheet says what the CRM does not: where both have a quota, the CRM's counts.
trusted_quotas as (

    select *
    from quotas
    where quota_type = 'bookings'
    qualify
        quota_source_rank = min(quota_source_rank) over (partition by owner_key, month_start_date)

),

quota_months as (

    select
        owner_key,
        month_start_date,
        {{ date_plus(date_plus('month_start_date', 1, 'month'), -1) }} as month_end_date,
        sum(amount) as quota_amount,
    from trusted_quotas
    group by owner_key, month_start_date

),

tenured_months as (

    select
        quota_months.*,
        employees.employee_id,
        {{
            whole_months_between('employees.hire_date', 'quota_months.month_end_date')
        }} as tenure_months,
    from quota_months
    left join employees on quota_months.owner_key = employees.user_key

),

-- The role that was held as the month ended, or last before.
month_roles as (

    select
        tenured_months.owner_key,
        tenured_months.month_start_date,
        lower(trim(roster_rows.role_name)) as role_name,
    from tenured_months
    inner join roster_rows
        on
            tenured_months.employee_id = roster_rows.employee_id
            and tenured_months.month_end_date >= roster_rows.valid_from_date
    qualify
        row_number() over (
            partition by tenured_months.owner_key, tenured_months.month_start_date
            order by roster_rows.valid_from_date desc
        ) = 1

),

ramped_months as (

    select
        tenured_months.owner_key,
        tenured_months.month_start_date,
        tenured_months.quota_amount,
        case when tenured_months.tenure_months >= 0 then tenured_months.tenure_months end
            as tenure_months,
        ramp_stretches.ramp_rate,
        cast(
            round(
                cast(tenured_months.quota_amount as decimal(26, 2))
                * cast(ramp_stretches.ramp_rate as decimal(9, 6)),
                2
            ) as decimal(38, 2)
        ) as ramped_quota_amount,
    from tenured_months
    left join month_roles
        on
            tenured_months.owner_key = month_roles.owner_key
            and tenured_months.month_start_date = month_roles.month_start_date
    left join ramp_stretches
        on
            month_roles.role_name = ramp_stretches.role_name
            and tenured_months.tenure_months >= ramp_stretches.first_tenure_month
            and (
                tenured_months.tenure_months < ramp_stretches.until_tenure_month
                or ramp_stretches.until_tenure_month is null
            )

)

select * from ramped_months
