with

salesforce_changes as (select * from {{ ref('stg_salesforce__opportunity_field_histories') }}),

-- A change of owner or account is two rows, names in one and ids in the other.
relation_changes as (

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

)

select * from relation_changes
