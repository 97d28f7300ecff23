-- How do this quarter's bookings compare with the same quarter of last year, region by region?
with

today as (select * from {{ published('dim_date') }} where is_as_of_date),

performance as (
    select * from {{ published('mart_rep_performance') }}
    where period_type = 'quarter'
),

users as (select * from {{ published('dim_user') }}),

regions as (

    select
        coalesce(users.region, 'none') as region,
        sum(
            case
                when performance.period_start_date = today.fiscal_quarter_start_date
                    then performance.bookings_amount
            end
        ) as bookings_amount,
        sum(
            case
                when performance.period_start_date = cast(
                    {{ dbt.dateadd('year', -1, 'today.fiscal_quarter_start_date') }} as date
                ) then performance.bookings_amount
            end
        ) as bookings_amount_a_year_ago,
    from performance
    cross join today
    left join users on performance.user_key = users.user_key
    group by coalesce(users.region, 'none')

)

select * from regions
order by bookings_amount desc nulls last, region asc
