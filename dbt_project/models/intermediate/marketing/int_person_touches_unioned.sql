with

campaign_members as (

    select * from {{ ref('stg_salesforce__campaign_members') }}
    where valid_to is null and not is_deleted and has_responded

),

campaigns as (select * from {{ ref('int_campaigns_described') }}),

persons as (select * from {{ ref('int_persons_identified') }}),

web_touches as (select * from {{ ref('int_web_touches') }}),

hubspot_contacts as (select * from {{ ref('stg_hubspot__contacts') }}),

-- The CRM tells the day of a response only: it counts from the day's beginning, so that a form that
-- made a lead comes before the lead.
campaign_responses as (

    select
        campaign_members.campaign_member_key as touchpoint_key,
        'salesforce' as source_system,
        coalesce(
            persons.lead_key, campaign_members.contact_key, campaign_members.lead_key
        ) as lead_key,
        campaign_members.campaign_key,
        'campaign_response' as touch_type,
        coalesce(campaigns.channel, 'Unattributed') as channel,
        cast(null as {{ dbt.type_string() }}) as source_name,
        cast(null as {{ dbt.type_string() }}) as medium,
        campaigns.campaign_name,
        cast(null as {{ dbt.type_string() }}) as landing_page,
        coalesce(
            {{ business_date_start('campaign_members.first_responded_date') }},
            campaign_members.created_at
        ) as touched_at,
    from campaign_members
    left join persons
        on coalesce(campaign_members.contact_key, campaign_members.lead_key) = persons.record_key
    left join campaigns on campaign_members.campaign_key = campaigns.campaign_key

),

first_visits as (

    select
        hubspot_contacts.contact_key || ':first_visit' as touchpoint_key,
        'hubspot' as source_system,
        persons.lead_key,
        cast(null as {{ dbt.type_string() }}) as campaign_key,
        'first_visit' as touch_type,
        {{ analytics_source_channel('hubspot_contacts.analytics_source') }} as channel,
        hubspot_contacts.analytics_source as source_name,
        cast(null as {{ dbt.type_string() }}) as medium,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        cast(null as {{ dbt.type_string() }}) as landing_page,
        hubspot_contacts.created_at as touched_at,
    from hubspot_contacts
    inner join persons
        on
            hubspot_contacts.contact_key = persons.record_key
            and hubspot_contacts.contact_key = persons.lead_key

),

person_touches as (

    select * from campaign_responses

    union all

    select * from web_touches

    union all

    select * from first_visits
    where channel is not null

),

known_touches as (

    select * from person_touches
    where touched_at < {{ as_of_end() }}

)

select * from known_touches
