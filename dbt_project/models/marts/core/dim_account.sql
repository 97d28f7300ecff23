with

account_versions as (select * from {{ ref('stg_salesforce__accounts') }}),

merged_accounts as (select * from {{ ref('int_accounts_merged') }}),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

last_versions as (

    select
        * except (currency_code),
        coalesce(currency_code, {{ default_currency() }}) as currency_code,
    from account_versions
    qualify row_number() over (partition by account_key order by valid_from desc) = 1

),

accounts as (

    select
        accounts.account_key,
        coalesce(
            merged_accounts.survivor_account_key, accounts.account_key
        ) as survivor_account_key,
        accounts.parent_account_key,
        accounts.owner_key,

        accounts.account_name,
        accounts.account_type,
        accounts.industry,
        accounts.country as region,
        accounts.city,
        accounts.employee_count,

        cast(
            {{
                convert_amount(
                    'accounts.annual_revenue_amount_original',
                    'exchange_rates.rate',
                    'exchange_rates.reporting_rate'
                )
            }} as decimal(18, 2)
        ) as annual_revenue_amount,
        accounts.annual_revenue_amount_original,
        accounts.currency_code,

        {{ to_business_date('accounts.created_at') }} as created_date,

        merged_accounts.account_key is not null as is_merged,
        accounts.is_deleted or accounts.valid_to is not null as is_deleted,
    from last_versions as accounts
    left join merged_accounts on accounts.account_key = merged_accounts.account_key
    left join exchange_rates
        on {{ rate_in_force('exchange_rates', 'accounts.currency_code', as_of_date()) }}

)

select * from accounts
