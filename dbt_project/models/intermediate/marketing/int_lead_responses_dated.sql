with

activities as (select * from {{ ref('int_activities_listed') }} where is_done),

engagement_contacts as (select * from {{ ref('stg_hubspot__engagement_contacts') }}),

persons as (select * from {{ ref('int_persons_identified') }}),

leads as (select * from {{ ref('int_leads_described') }}),

lead_stages as (select * from {{ ref('int_lead_stages_dated') }}),

lead_versions as (select * from {{ ref('stg_salesforce__leads') }}),

activity_people as (

    select
        done_at,
        person_key as record_key,
    from activities
    where person_key is not null

    union all

    select
        activities.done_at,
        engagement_contacts.contact_key as record_key,
    from activities
    inner join engagement_contacts on activities.activity_key = engagement_contacts.activity_key

),

responses as (

    select
        persons.lead_key,
        min(activity_people.done_at) as responded_at,
    from activity_people
    inner join persons on activity_people.record_key = persons.record_key
    inner join leads on persons.lead_key = leads.lead_key
    left join lead_stages on persons.lead_key = lead_stages.lead_key
    where activity_people.done_at >= coalesce(lead_stages.became_lead_at, leads.created_at)
    group by persons.lead_key

),

-- A lead may go to somebody else later, or, converted, change no more.
dated_responses as (

    select
        responses.lead_key,
        responses.responded_at,
        coalesce(lead_versions.owner_key, leads.owner_key) as owner_at_response_key,
    from responses
    inner join leads on responses.lead_key = leads.lead_key
    left join lead_versions
        on
            responses.lead_key = lead_versions.lead_key
            and {{ held_at('lead_versions', 'responses.responded_at') }}

)

select * from dated_responses
