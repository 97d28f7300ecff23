with

line_items as (

    {{ newest_version('raw_salesforce', 'opportunity_line_item') }}

),

opportunity_line_items as (

    select
        {{ salesforce_key('id') }} as opportunity_line_item_key,
        {{ salesforce_key('opportunity_id') }} as opportunity_key,
        {{ salesforce_key('product2_id') }} as product_key,

        name as line_name,
        quantity,

        unit_price as unit_price_amount_original,
        -- Salesforce works the total out; not every export has it.
        coalesce(
            total_price,
            cast(
                round(quantity * unit_price * (1 - coalesce(discount, 0) * 0.01), 2)
                as decimal(18, 2)
            )
        ) as amount_original,

        service_date,
        {{ custom_fields('salesforce', 'OpportunityLineItem') }}
        created_date as created_at,
    from line_items
    where _deleted_date is null and not coalesce(is_deleted, false)

)

select * from opportunity_line_items
