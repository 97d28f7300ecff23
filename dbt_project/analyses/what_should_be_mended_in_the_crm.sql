-- What should be mended first: which flaws of the data touch the most money, and where are they?
with

findings as (
    select * from {{ published('data_quality_summary') }}
    where severity in ('critical', 'warning')
),

flaws as (

    select
        source,
        object,
        check_name,
        description,
        severity,
        rows_affected,
        amount_affected,
        currency_code,
        first_example,
    from findings

)

select * from flaws
order by amount_affected desc nulls last, rows_affected desc, check_name asc
