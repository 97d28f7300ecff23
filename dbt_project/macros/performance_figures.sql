{#- What is credited to a node of a period: for each there is a model `int_<name>_credited`. -#}
{% macro performance_measures() -%}
    {{ return(['closed_deals', 'generated_pipeline', 'open_pipeline', 'activities', 'quotas']) }}
{%- endmacro %}

{#-
The figures that rep and team performance share, as columns of a select from int_performance_measured.
Every ratio is NULL where there is nothing to divide by.
-#}
{% macro performance_figures() -%}
    cast(bookings_amount as decimal(38, 2)) as bookings_amount,
        cast(won_count as bigint) as won_count,
        cast(lost_count as bigint) as lost_count,
        {{ ratio('won_count', 'won_count + lost_count') }} as win_rate,
        {{ ratio('bookings_amount', 'bookings_amount + lost_amount') }} as win_rate_amount,
        {{ ratio('bookings_amount', 'won_count') }} as average_deal_amount,
        cast(sales_cycle_days_average as double) as sales_cycle_days_average,
        cast(sales_cycle_days_median as double) as sales_cycle_days_median,

        cast(quota_amount as decimal(38, 2)) as quota_amount,
        {{ ratio('bookings_amount', 'quota_amount') }} as attainment_rate,

        cast(pipeline_generated_count as bigint) as pipeline_generated_count,
        cast(pipeline_generated_amount as decimal(38, 2)) as pipeline_generated_amount,
        cast(open_pipeline_amount as decimal(38, 2)) as open_pipeline_amount,
        {{ ratio('opening_pipeline_amount', 'quota_amount') }} as coverage_ratio_full,
        case
            when quota_amount > bookings_amount
                then {{ ratio('open_pipeline_amount', 'quota_amount - bookings_amount') }}
        end as coverage_ratio_remaining,

        cast(call_count as bigint) as call_count,
        cast(email_count as bigint) as email_count,
        cast(meeting_count as bigint) as meeting_count,
        cast(task_completed_count as bigint) as task_completed_count,

        cast(slipped_count as bigint) as slipped_count,
        {{ ratio('slipped_count', 'start_count') }} as slip_rate
{%- endmacro %}

{#- Ranks among all rows of a period, 1 = best; ties share a rank and leave a gap. -#}
{% macro performance_ranks() -%}
    rank() over (
            partition by figures.period_type, figures.period_start_date
            order by figures.bookings_amount desc
        ) as bookings_rank,
        case
            when figures.attainment_rate is not null
                then
                    rank() over (
                        partition by figures.period_type, figures.period_start_date
                        order by figures.attainment_rate desc nulls last
                    )
        end as attainment_rank
{%- endmacro %}

{#- A ratio as a double, NULL where there is nothing below. -#}
{% macro ratio(numerator, denominator) -%}
    {{ safe_divide('cast(' ~ numerator ~ ' as double)', 'cast(' ~ denominator ~ ' as double)') }}
{%- endmacro %}
