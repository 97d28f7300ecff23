with

load_ledger as (select * from {{ source('ops', 'load_ledger') }}),

newest_extract as (

    select max(extract_date) filter (where status in ('loaded', 'unchanged')) as extract_date
    from load_ledger

),

as_of_date as (

    select
        {% if var('as_of_date', none) %}
            cast('{{ var("as_of_date") }}' as date) as as_of_date,
        {% else %}
            extract_date as as_of_date,
        {% endif %}
    from newest_extract

)

select * from as_of_date
