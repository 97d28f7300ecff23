with

quota_months as (select * from {{ ref('int_quota_months_ramped') }}),

credit_paths as (select * from {{ ref('int_credit_paths') }}),

periods as (select * from {{ ref('int_periods') }} where period_type != 'week'),

owner_months as (

    select
        owner_key,
        month_start_date,
        {{
            business_date_start(
                'least(' ~ date_plus('month_start_date', 1, 'month')
                ~ ', ' ~ date_plus(as_of_date(), 1) ~ ')'
            )
        }} as tree_at,
        quota_amount,
        ramped_quota_amount,
    from quota_months

),

-- How far above an owner the nearest manager stands who carries a quota for the same month.
node_months as (

    select
        credit_paths.credit_scope,
        credit_paths.node_key as user_key,
        credit_paths.distance,
        owner_months.month_start_date,
        owner_months.quota_amount,
        owner_months.ramped_quota_amount,
        min(
            case
                when credit_paths.distance > 0 and node_quotas.quota_amount is not null
                    then credit_paths.distance
            end
        ) over (
            partition by
                credit_paths.credit_scope, owner_months.owner_key, owner_months.month_start_date
        ) as quota_manager_distance,
    from owner_months
    inner join credit_paths
        on
            owner_months.owner_key = credit_paths.user_key
            and {{ held_before('credit_paths', 'owner_months.tree_at') }}
    left join owner_months as node_quotas
        on
            credit_paths.node_key = node_quotas.owner_key
            and owner_months.month_start_date = node_quotas.month_start_date

),

credited_quotas as (

    select
        node_months.credit_scope,
        periods.period_type,
        periods.period_start_date,
        node_months.user_key,

        sum(node_months.quota_amount) as quota_amount,
        -- Of whom no ramp is known, the whole quota is expected, if any is known of anybody.
        case
            when count(node_months.ramped_quota_amount) > 0
                then sum(coalesce(node_months.ramped_quota_amount, node_months.quota_amount))
        end as ramped_quota_amount,
    from node_months
    inner join periods
        on
            node_months.month_start_date between periods.period_start_date
            and periods.period_end_date
    {% if var('manager_quota') == 'rollup' %}
    -- A manager's quota replaces the sum below: what is below it goes up no further.
    where
        node_months.distance < node_months.quota_manager_distance
        or node_months.quota_manager_distance is null
    {% endif %}
    group by
        node_months.credit_scope,
        periods.period_type,
        periods.period_start_date,
        node_months.user_key

)

select * from credited_quotas
