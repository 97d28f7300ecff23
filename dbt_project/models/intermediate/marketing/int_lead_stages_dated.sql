{%- set mql_statuses = lower_text_list(var('mql_lead_statuses')) -%}
{%- set sql_statuses = lower_text_list(var('sql_lead_statuses')) -%}
with

persons as (select * from {{ ref('int_persons_identified') }}),

records as (select * from {{ ref('int_person_records_listed') }}),

lead_versions as (

    select
        *,
        lower(trim(status)) as status_in_lower_case,
    from {{ ref('stg_salesforce__leads') }}
    where not is_deleted

),

contacts as (select * from {{ ref('stg_hubspot__contacts') }}),

lead_stages as (

    select
        persons.lead_key,
        min(lead_versions.created_at) as became_lead_at,
        min(
            case
                when lead_versions.status_in_lower_case in ({{ mql_statuses }})
                    then lead_versions.modified_at
            end
        ) as marketing_qualified_at,
        min(
            case
                when lead_versions.status_in_lower_case in ({{ sql_statuses }})
                    then lead_versions.modified_at
            end
        ) as sales_qualified_at,
        min(
            case when lead_versions.is_converted then lead_versions.converted_date end
        ) as converted_date,
        cast(null as {{ dbt.type_timestamp() }}) as opportunity_at,
        cast(null as {{ dbt.type_timestamp() }}) as customer_at,
    from lead_versions
    inner join records on lead_versions.lead_key = records.record_key
    inner join persons on lead_versions.lead_key = persons.record_key
    group by persons.lead_key

),

-- Who has come further has come this far too.
contact_stages as (

    select
        persons.lead_key,
        coalesce(
            least(
                contacts.lead_at,
                contacts.marketing_qualified_at,
                contacts.sales_qualified_at,
                contacts.opportunity_at,
                contacts.customer_at
            ),
            case
                when
                    contacts.lifecycle_stage in (
                        'lead', 'marketingqualifiedlead', 'salesqualifiedlead',
                        'opportunity', 'customer', 'evangelist'
                    )
                    then contacts.created_at
            end
        ) as became_lead_at,
        contacts.marketing_qualified_at,
        contacts.sales_qualified_at,
        {{ to_business_date('contacts.opportunity_at') }} as converted_date,
        contacts.opportunity_at,
        contacts.customer_at,
    from contacts
    inner join records on contacts.contact_key = records.record_key
    inner join persons
        on
            contacts.contact_key = persons.record_key
            and contacts.contact_key = persons.lead_key

),

dated_stages as (

    select * from lead_stages

    union all

    select * from contact_stages

)

select * from dated_stages
