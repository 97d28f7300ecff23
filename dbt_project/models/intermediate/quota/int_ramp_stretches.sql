with

ramp_months as (

    select
        lower(trim(role_name)) as role_name,
        tenure_month,
        ramp_rate,
    from {{ ref('stg_company__ramp_months') }}

),

ramp_stretches as (

    select
        role_name,
        case
            when row_number() over months = 1 then 0
            else tenure_month
        end as first_tenure_month,
        coalesce(lead(tenure_month) over months, tenure_month + 1) as until_tenure_month,
        ramp_rate,
    from ramp_months
    window months as (partition by role_name order by tenure_month)

    union all

    select
        role_name,
        max(tenure_month) + 1 as first_tenure_month,
        null as until_tenure_month,
        1 as ramp_rate,
    from ramp_months
    group by role_name

)

select * from ramp_stretches
