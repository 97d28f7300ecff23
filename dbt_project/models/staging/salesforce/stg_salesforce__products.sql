with

versions as (

    {{ newest_version('raw_salesforce', 'product2') }}

),

products as (

    select
        {{ salesforce_key('id') }} as product_key,

        name as product_name,
        product_code,
        family as product_family,
        stock_keeping_unit,
        quantity_unit_of_measure as quantity_unit,

        created_date as created_at,

        coalesce(is_active, true) as is_active,
        {{ custom_fields('salesforce', 'Product2') }}
        coalesce(is_deleted, false) or _deleted_date is not null as is_deleted,
    from versions

)

select * from products
