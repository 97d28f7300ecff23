{#-
One row per opportunity and stretch of days at whose ends it stood in the pipeline in one and the same
state at one and the same rate: open, and not omitted from the forecast. A stretch that has not ended
has no end, whatever the as-of date. The model asks it of all days, a table function of one.
-#}
{% macro pipeline_stretches_query(history, rates) -%}
    with

    -- The days at whose end a version held; none for a version that did not last until midnight.
    open_stretches as (

        select
            *,
            {{ to_business_date('valid_from') }} as held_from_date,
            {{ to_business_date('valid_to') }} as held_until_date,
        from {{ history }}
        where not is_closed and forecast_category <> 'Omitted'

    ),

    -- An open amount is worth what its currency is worth on the day: a new rate begins a new stretch.
    rated_stretches as (

        select
            stretches.*,
            {{ fiscal_quarter_start('stretches.close_date') }} as close_fiscal_quarter_start_date,
            {{
                convert_amount('stretches.amount_original', 'rates.rate', 'rates.reporting_rate')
            }} as amount,
            greatest(stretches.held_from_date, rates.valid_from_date) as first_date,
            least(stretches.held_until_date, rates.valid_to_date) as until_date,
        from open_stretches as stretches
        left join {{ rates }} as rates
            on
                stretches.currency_code = rates.currency_code
                and (
                    stretches.held_until_date is null
                    or stretches.held_until_date > rates.valid_from_date
                )
                and (rates.valid_to_date is null or stretches.held_from_date < rates.valid_to_date)
        where
            stretches.held_until_date is null
            or stretches.held_from_date < stretches.held_until_date

    )

    select
        *,
        cast(amount as decimal(28, 2)) * probability as weighted_amount,
    from rated_stretches
{%- endmacro %}
