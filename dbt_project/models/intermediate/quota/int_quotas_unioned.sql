with

salesforce_quotas as (select * from {{ ref('stg_salesforce__forecasting_quotas') }}),

company_quotas as (select * from {{ ref('stg_company__quotas') }}),

employees as (select * from {{ ref('int_employees_identified') }}),

quota_versions as (

    select
        quota_version_key,
        quota_key,
        owner_key,

        month_start_date,
        'bookings' as quota_type,
        product_family,

        amount_original,
        currency_code,

        valid_from,
        valid_to,

        1 as quota_source_rank,
    from salesforce_quotas

    union all

    -- Who is no user of the CRM keeps the quota under the company's own number.
    select
        company_quotas.quota_version_key,
        company_quotas.quota_key,
        coalesce(
            employees.user_key, 'company:' || company_quotas.employee_id
        ) as owner_key,

        company_quotas.month_start_date,
        company_quotas.quota_type,
        null as product_family,

        company_quotas.amount_original,
        company_quotas.currency_code,

        company_quotas.valid_from,
        company_quotas.valid_to,

        2 as quota_source_rank,
    from company_quotas
    left join employees on company_quotas.employee_id = employees.employee_id

)

select * from quota_versions
