with

people as (select * from {{ ref('int_people_listed') }}),

periods as (select * from {{ ref('int_periods') }} where period_type != 'week'),

{% for measures in performance_measures() %}
    {{ measures }} as (

        select *
        from {{ ref('int_' ~ measures ~ '_credited') }}
        where credit_scope = 'own'

    ),
{% endfor %}

-- Who left, or is known by nothing but a key, is listed only where there is something to show.
reps as (

    select
        periods.period_type,
        periods.period_start_date,
        people.user_key,
    from people
    cross join periods
    {% for measures in performance_measures() %}
        left join {{ measures }}
            on
                periods.period_type = {{ measures }}.period_type
                and periods.period_start_date = {{ measures }}.period_start_date
                and people.user_key = {{ measures }}.user_key
    {% endfor %}
    where
        (people.is_active and (people.is_owner or people.is_quota_carrier))
        or closed_deals.user_key is not null
        or generated_pipeline.user_key is not null
        or open_pipeline.opening_count > 0
        or open_pipeline.open_count > 0
        or activities.user_key is not null
        or quotas.quota_amount > 0

)

select * from reps
