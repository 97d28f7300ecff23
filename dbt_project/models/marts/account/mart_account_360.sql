with

accounts as (select * from {{ ref('dim_account') }} where not is_merged),

contacts as (select * from {{ ref('dim_contact') }} where not is_merged and not is_deleted),

all_accounts as (select * from {{ ref('dim_account') }}),

users as (select * from {{ ref('dim_user') }}),

deals as (select * from {{ ref('int_account_deals_summed') }}),

activities as (select * from {{ ref('int_account_activities_counted') }}),

recurring as (

    select * from {{ ref('int_account_months') }}
    qualify row_number() over (partition by account_key order by month_start_date desc) = 1

),

account_contacts as (

    select
        all_accounts.survivor_account_key as account_key,
        count(*) as contact_count,
    from contacts
    inner join all_accounts on contacts.account_key = all_accounts.account_key
    group by all_accounts.survivor_account_key

),

-- What opportunities name but was never extracted has a row, so that nothing is lost.
named_accounts as (

    select account_key from accounts

    union distinct

    select account_key from deals

),

account_360 as (

    select
        named_accounts.account_key,
        accounts.parent_account_key,
        accounts.owner_key,

        accounts.account_name,
        users.user_name as owner_name,
        accounts.account_type,
        accounts.industry,
        accounts.region,
        accounts.employee_count,

        coalesce(account_contacts.contact_count, 0) as contact_count,
        coalesce(activities.activity_count, 0) as activity_count,
        coalesce(activities.activity_count_last_90_days, 0) as activity_count_last_90_days,

        coalesce(deals.opportunity_count, 0) as opportunity_count,
        coalesce(deals.open_count, 0) as open_count,
        cast(coalesce(deals.open_amount, 0) as decimal(38, 2)) as open_amount,
        cast(coalesce(deals.weighted_amount, 0) as decimal(38, 6)) as weighted_amount,

        coalesce(deals.won_count, 0) as won_count,
        coalesce(deals.lost_count, 0) as lost_count,
        {{ ratio('deals.won_count', 'deals.won_count + deals.lost_count') }} as win_rate,
        cast(coalesce(deals.bookings_amount, 0) as decimal(38, 2)) as bookings_amount,
        cast(coalesce(deals.bookings_amount_last_12_months, 0) as decimal(38, 2))
            as bookings_amount_last_12_months,
        {{ ratio('coalesce(deals.bookings_amount, 0)', 'deals.won_count') }} as average_deal_amount,
        cast({{ recurring_or_nothing('recurring.recurring_amount') }} as decimal(38, 2))
            as recurring_amount,

        accounts.created_date,
        deals.first_won_date,
        deals.last_won_date,
        deals.next_close_date,
        activities.last_activity_date,

        coalesce(deals.won_count > 0, false) as is_customer,
        coalesce(accounts.is_deleted, false) as is_deleted,
    from named_accounts
    left join accounts on named_accounts.account_key = accounts.account_key
    left join users on accounts.owner_key = users.user_key
    left join deals on named_accounts.account_key = deals.account_key
    left join activities on named_accounts.account_key = activities.account_key
    left join recurring on named_accounts.account_key = recurring.account_key
    left join account_contacts on named_accounts.account_key = account_contacts.account_key

)

select * from account_360
