with

versions as (

    {{ dated_versions('raw_salesforce', 'forecasting_item') }}

),

item_versions as (

    select
        {{ salesforce_key('id') }} as forecasting_item_key,
        {{ salesforce_key('id') }} || ':' || _row_hash as forecasting_item_version_key,
        {{ salesforce_key('owner_id') }} as user_key,
        {{ salesforce_key('period_id') }} as forecasting_period_key,
        {{ salesforce_key('forecasting_type_id') }} as forecasting_type_key,

        -- A roll-up such as CommitForecast holds all that is surer, too; CommitOnly does not.
        {{
            forecast_category(
                "coalesce(replace(replace(forecasting_item_category, 'Forecast', ''), 'Only', ''),"
                " forecast_category_name)"
            )
        }} as forecast_category,
        coalesce(forecasting_item_category like '%Forecast', false) as is_cumulative,
        product_family,
        territory2_id is not null as is_of_territory,
        coalesce(is_amount, true) as is_amount,

        coalesce(amount_without_manager_adjustment, forecast_amount) as submitted_amount_original,
        forecast_amount as adjusted_amount_original,
        amount_without_adjustments as deals_amount_original,
        currency_iso_code as currency_code,

        -- The oldest version known says nothing of what was submitted before it.
        greatest(
            valid_from,
            coalesce(system_modstamp, {{ business_date_start('_first_extract_date') }})
        ) as valid_from,
        valid_to,
    from versions

)

select * from item_versions
where valid_from < {{ as_of_end() }} and (valid_to is null or valid_to > valid_from)
