with

opportunities as (select * from {{ ref('int_opportunity_outcomes') }}),

opportunity_people as (select * from {{ ref('int_opportunity_people_linked') }}),

leads as (select * from {{ ref('int_leads_described') }}),

-- An older opportunity did not come of this lead, even if the person is part of it.
lead_opportunities as (

    select
        leads.lead_key,
        min_by(
            opportunities.opportunity_key, (opportunities.created_at, opportunities.opportunity_key)
        ) as opportunity_key,
        min(opportunities.created_at) as opportunity_at,
        min(
            case
                when opportunities.is_won and opportunities.close_date <= {{ as_of_date() }}
                    then opportunities.close_date
            end
        ) as won_date,
    from leads
    inner join opportunity_people on leads.lead_key = opportunity_people.lead_key
    inner join opportunities
        on
            opportunity_people.opportunity_key = opportunities.opportunity_key
            and leads.created_at <= opportunities.created_at
    group by leads.lead_key

)

select * from lead_opportunities
