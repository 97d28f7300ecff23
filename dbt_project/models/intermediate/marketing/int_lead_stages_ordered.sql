with

leads as (select * from {{ ref('int_leads_described') }}),

stages as (select * from {{ ref('int_lead_stages_dated') }}),

opportunities as (select * from {{ ref('int_lead_opportunities_dated') }}),

-- What lies after the as-of date is not known yet; a deal is better proof than a stage. A day of
-- conversion begins before the lead that came on it.
known_stages as (

    select
        leads.lead_key,
        stages.became_lead_at,
        {% for stage in ['marketing_qualified', 'sales_qualified'] %}
            case
                when stages.{{ stage }}_at < {{ as_of_end() }} then stages.{{ stage }}_at
            end as {{ stage }}_at,
        {% endfor %}
        case
            when stages.converted_date <= {{ as_of_date() }}
                then
                    greatest(
                        {{ business_date_start('stages.converted_date') }}, stages.became_lead_at
                    )
        end as converted_at,
        coalesce(
            opportunities.opportunity_at,
            case
                when least(stages.opportunity_at, stages.customer_at) < {{ as_of_end() }}
                    then least(stages.opportunity_at, stages.customer_at)
            end
        ) as opportunity_at,
        opportunities.opportunity_key,
        coalesce(
            opportunities.won_date,
            case
                when stages.customer_at < {{ as_of_end() }}
                    then {{ to_business_date('stages.customer_at') }}
            end
        ) as won_date,
    from leads
    left join stages on leads.lead_key = stages.lead_key
    left join opportunities on leads.lead_key = opportunities.lead_key

),

-- Who reached a stage had reached the earlier ones by then.
ordered_stages as (

    select
        lead_key,
        opportunity_key,
        became_lead_at,
        case
            when became_lead_at is not null
                then
                    least(
                        marketing_qualified_at, sales_qualified_at, converted_at, opportunity_at
                    )
        end as marketing_qualified_at,
        case
            when became_lead_at is not null
                then least(sales_qualified_at, converted_at, opportunity_at)
        end as sales_qualified_at,
        converted_at,
        opportunity_at,
        won_date,
    from known_stages

)

select * from ordered_stages
