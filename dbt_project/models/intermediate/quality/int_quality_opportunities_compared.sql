with

outcomes as (select * from {{ ref('int_opportunity_outcomes') }}),

opportunities as (select * from {{ ref('int_opportunities_described') }}),

listed_stages as (select distinct stage_key from {{ ref('int_stages_unioned') }}),

users as (select distinct user_key from {{ ref('int_users_completed') }}),

accounts as (select * from {{ ref('int_accounts_listed') }}),

-- The only CRM whose next steps are read.
next_steps as (

    select
        opportunity_key,
        next_step,
    from {{ ref('stg_salesforce__opportunity_versions') }}
    where version_rank = 1

),

as_of as (select as_of_date from {{ ref('int_as_of_date') }}),

-- An object of which a CRM delivered nothing says nothing about what is missing from it.
stage_systems as (

    select distinct split_part(stage_key, ':', 1) as source_system
    from listed_stages

),

user_systems as (

    select distinct split_part(user_key, ':', 1) as source_system
    from users

),

account_systems as (

    select distinct split_part(account_key, ':', 1) as source_system
    from accounts

),

next_step_systems as (

    select distinct split_part(opportunity_key, ':', 1) as source_system
    from next_steps
    where next_step is not null

),

compared as (

    select
        opportunities.source_system,
        {{
            object_name(
                'opportunities.source_system', {'salesforce': 'Opportunity', 'hubspot': 'deals'}
            )
        }} as object_name,
        outcomes.opportunity_key as found_in,

        outcomes.owner_key,
        outcomes.account_key,

        outcomes.amount,
        outcomes.amount_original,

        outcomes.created_date,
        outcomes.close_date,
        as_of.as_of_date,

        outcomes.is_closed,
        outcomes.is_won,
        next_steps.next_step is not null
        or next_step_systems.source_system is null as has_next_step,
        listed_stages.stage_key is not null
        or outcomes.stage_key = {{ unknown_stage_key('opportunities.source_system') }}
        or stage_systems.source_system is null as is_stage_listed,
        users.user_key is not null
        or user_systems.source_system is null as is_owner_known,
        accounts.account_key is not null
        or account_systems.source_system is null as is_account_known,
        case
            when opportunities.opportunity_name is not null and outcomes.account_key is not null
                then
                    count(*) over (
                        partition by
                            lower(trim(opportunities.opportunity_name)),
                            outcomes.account_key,
                            outcomes.amount_original,
                            outcomes.close_date
                    )
        end as twin_count,
    from outcomes
    inner join opportunities on outcomes.opportunity_key = opportunities.opportunity_key
    cross join as_of
    left join stage_systems on opportunities.source_system = stage_systems.source_system
    left join user_systems on opportunities.source_system = user_systems.source_system
    left join account_systems on opportunities.source_system = account_systems.source_system
    left join next_step_systems on opportunities.source_system = next_step_systems.source_system
    left join next_steps on outcomes.opportunity_key = next_steps.opportunity_key
    left join listed_stages on outcomes.stage_key = listed_stages.stage_key
    left join users on outcomes.owner_key = users.user_key
    left join accounts on outcomes.account_key = accounts.account_key

)

select * from compared
