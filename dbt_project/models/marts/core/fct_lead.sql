with

leads as (select * from {{ ref('int_leads_described') }}),

stages as (select * from {{ ref('int_lead_stages_ordered') }}),

responses as (select * from {{ ref('int_lead_responses_dated') }}),

sources as (select * from {{ ref('int_lead_sources_traced') }}),

lead as (

    select
        leads.lead_key,
        leads.source_system,
        leads.record_type,
        leads.contact_key,
        leads.account_key,
        leads.owner_key,
        coalesce(responses.owner_at_response_key, leads.owner_key) as owner_at_response_key,
        stages.opportunity_key,
        sources.campaign_key,

        leads.lead_source,
        coalesce(sources.channel, leads.lead_source, 'Unattributed') as channel,
        leads.status,
        leads.rating,
        leads.company_name,

        leads.created_at,
        stages.became_lead_at,
        responses.responded_at,
        stages.marketing_qualified_at as mql_at,
        stages.sales_qualified_at as sql_at,
        stages.opportunity_at,

        {{ to_business_date('leads.created_at') }} as created_date,
        {{ to_business_date('stages.became_lead_at') }} as became_lead_date,
        {{ to_business_date('responses.responded_at') }} as responded_date,
        {{ to_business_date('stages.marketing_qualified_at') }} as mql_date,
        {{ to_business_date('stages.sales_qualified_at') }} as sql_date,
        {{ to_business_date('stages.converted_at') }} as converted_date,
        {{ to_business_date('stages.opportunity_at') }} as opportunity_date,
        stages.won_date,

        {{
            minutes_between(
                'coalesce(stages.became_lead_at, leads.created_at)', 'responses.responded_at'
            )
        }} as response_minutes,
        {{
            business_minutes_between(
                'coalesce(stages.became_lead_at, leads.created_at)', 'responses.responded_at'
            )
        }} as response_business_minutes,

        stages.became_lead_at is not null as is_lead,
        stages.converted_at is not null as is_converted,
    from leads
    inner join stages on leads.lead_key = stages.lead_key
    left join responses on leads.lead_key = responses.lead_key
    left join sources on leads.lead_key = sources.lead_key

)

select * from lead
