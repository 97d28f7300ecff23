with

products as (

    select
        product_key,
        product_name,
        product_code,
        product_family,
        stock_keeping_unit,
        quantity_unit,
        {{ to_business_date('created_at') }} as created_date,
        is_active and not is_deleted as is_active,
        is_deleted,
    from {{ ref('stg_salesforce__products') }}

)

select * from products
