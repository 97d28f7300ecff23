with

load_ledger as (select * from {{ source('ops', 'load_ledger') }}),

as_of_date as (

    select
        {% if var('as_of_date', none) %}
            cast('{{ var("as_of_date") }}' as date) as as_of_date,
        {% else %}
            max(extract_date) filter (where status in ('loaded', 'unchanged')) as as_of_date,
        {% endif %}
    from load_ledger

)

select * from as_of_date
