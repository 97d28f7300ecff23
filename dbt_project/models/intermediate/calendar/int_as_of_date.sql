{%- set chosen_date = "'" ~ var('as_of_date') ~ "'" if var('as_of_date', none) else 'null' -%}
with

load_ledger as (select * from {{ source('ops', 'load_ledger') }}),

as_of_date as (

    select
        coalesce(
            cast({{ chosen_date }} as date),
            max(case when status in ('loaded', 'unchanged') then extract_date end)
        ) as as_of_date,
    from load_ledger

)

select * from as_of_date
