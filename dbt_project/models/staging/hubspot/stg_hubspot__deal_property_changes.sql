with

changes as (

    {{
        newest_version(
            'raw_hubspot',
            'deal_property_history',
            key=['deal_id', 'name', 'timestamp'],
            watermark='timestamp'
        )
    }}

),

property_changes as (

    select
        {{ hubspot_key('deal_id') }} as opportunity_key,
        name as property_name,
        value as property_value,
        timestamp as changed_at,
    from changes

)

select * from property_changes
