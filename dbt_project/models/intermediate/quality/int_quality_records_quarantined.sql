with

quarantined_rows as (

    select
        refused.source,
        refused.object,
        refused.file_name,
        refused.line_number,
        refused.extract_date,
        coalesce(
            refused.record_key,
            refused.file_name || ':' || cast(refused.line_number as {{ dbt.type_string() }})
        ) as found_in,
        refused.rules,
        refused.amount,
        {{ record_currency('refused.currency_code') }} as currency_code,
    from {{ source('ops', 'quarantined_row') }} as refused
    cross join {{ ref('int_as_of_date') }} as as_of
    where not refused.is_mended and refused.extract_date <= as_of.as_of_date

),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

broken_rules as (

    select
        source,
        object,
        file_name,
        line_number,
        extract_date,
        found_in,
        amount,
        currency_code,
        {{ each_of('rules') }} as rule_name,
    from quarantined_rows

),

-- A record that is wrong in extract after extract is one record, and worth what it was last.
newest as (

    select * from broken_rules
    qualify
        row_number() over (
            partition by source, object, found_in, rule_name
            order by extract_date desc, file_name desc, line_number desc
        ) = 1

),

records_quarantined as (

    select
        newest.source,
        newest.object,
        newest.rule_name as check_name,
        'Rule of the contract: ' || replace(newest.rule_name, '_', ' ')
        || '. Records that break it are in quarantine, and in no table.' as description,
        'critical' as severity,
        newest.found_in,
        1 as rows_affected,
        {{
            convert_amount(
                'newest.amount', 'exchange_rates.rate', 'exchange_rates.reporting_rate'
            )
        }} as amount_affected,
    from newest
    left join exchange_rates
        on {{ rate_in_force('exchange_rates', 'newest.currency_code', 'newest.extract_date') }}

)

select * from records_quarantined
