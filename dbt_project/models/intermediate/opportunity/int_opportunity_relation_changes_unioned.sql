with

salesforce_changes as (select * from {{ ref('stg_salesforce__opportunity_field_histories') }}),

hubspot_changes as (select * from {{ ref('stg_hubspot__deal_property_changes') }}),

-- A change of owner or account is two rows, names in one and ids in the other.
salesforce_relations as (

    select
        opportunity_key,
        lower(field_name) as relation,
        opportunity_field_history_id as relation_change_id,
        {{ salesforce_key(salesforce_id_18('old_value')) }} as previous_key,
        {{ salesforce_key(salesforce_id_18('new_value')) }} as related_key,
        changed_at,
    from salesforce_changes
    where
        field_name in ('Owner', 'Account')
        and {{ matches('new_value', '^00[15][A-Za-z0-9]{12}([A-Za-z0-9]{3})?$') }}

),

-- HubSpot names the value after each change, the first one included; nobody is an owner, too.
hubspot_relations as (

    select
        opportunity_key,
        'owner' as relation,
        property_name as relation_change_id,
        lag({{ hubspot_key('property_value') }}) over (
            partition by opportunity_key order by changed_at
        ) as previous_key,
        {{ hubspot_key('property_value') }} as related_key,
        changed_at,
    from hubspot_changes
    where property_name = 'hubspot_owner_id'

),

relation_changes as (

    select * from salesforce_relations

    union all

    select * from hubspot_relations

)

select * from relation_changes
