with

line_items as (select * from {{ ref('stg_salesforce__opportunity_line_items') }}),

products as (select * from {{ ref('stg_salesforce__products') }}),

opportunity_lines as (

    select
        line_items.opportunity_line_item_key as opportunity_line_key,
        line_items.opportunity_key,
        line_items.product_key,
        products.product_family,
        line_items.amount_original,
    from line_items
    left join products on line_items.product_key = products.product_key

)

select * from opportunity_lines
