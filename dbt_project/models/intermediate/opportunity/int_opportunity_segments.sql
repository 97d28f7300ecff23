with

opportunities as (select * from {{ ref('int_opportunities_described') }}),

outcomes as (select * from {{ ref('int_opportunity_outcomes') }} where is_closed),

account_versions as (select * from {{ ref('int_accounts_unioned') }}),

-- The account as it stood at the close; one deleted before then, as it last stood.
accounts_at_close as (

    select
        outcomes.opportunity_key,
        account_versions.industry,
        account_versions.country as region,
    from outcomes
    inner join account_versions
        on
            outcomes.account_key = account_versions.account_key
            and outcomes.closed_at >= account_versions.valid_from
    qualify
        row_number() over (
            partition by outcomes.opportunity_key order by account_versions.valid_from desc
        ) = 1

),

described_opportunities as (

    select
        outcomes.opportunity_key,
        opportunities.opportunity_type,
        opportunities.lead_source,
        accounts_at_close.industry,
        accounts_at_close.region,
    from outcomes
    inner join opportunities
        on outcomes.opportunity_key = opportunities.opportunity_key
    left join accounts_at_close
        on outcomes.opportunity_key = accounts_at_close.opportunity_key

),

opportunity_segments as (

    select
        opportunity_key,
        'all' as segment_type,
        'all' as segment,
    from described_opportunities

    {% for segment_type in ['industry', 'region', 'opportunity_type', 'lead_source'] %}
        union all

        select
            opportunity_key,
            '{{ segment_type }}' as segment_type,
            {{ segment_type }} as segment,
        from described_opportunities
    {% endfor %}

)

select * from opportunity_segments
