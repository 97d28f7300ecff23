{#- Every model of this list has the columns of `findings`; a further check is a further model. -#}
{%- set models = [
    'int_quality_records_quarantined',
    'int_quality_files_noted',
    'int_quality_merges_noted',
    'int_quality_opportunities_judged',
    'int_quality_users_judged',
    'int_quality_quotas_judged',
    'int_quality_accounts_judged',
] -%}
with

findings as (

    {% for model in models %}
        {% if not loop.first %}
            union all
        {% endif %}
        select
            source,
            object,
            check_name,
            description,
            severity,
            found_in,
            rows_affected,
            amount_affected,
        from {{ ref(model) }}
    {% endfor %}

),

ranked as (

    select
        *,
        row_number() over (
            partition by source, object, check_name
            order by abs(amount_affected) desc nulls last, rows_affected desc, found_in asc
        ) as example_rank,
    from findings

),

data_quality_summary as (

    select
        source || ':' || coalesce(object, '') || ':' || check_name as quality_key,

        source,
        object,
        check_name,
        description,
        severity,

        cast(sum(rows_affected) as bigint) as rows_affected,
        cast(sum(amount_affected) as decimal(18, 2)) as amount_affected,
        case when count(amount_affected) > 0 then '{{ var("reporting_currency") }}' end
            as currency_code,
        max(case when example_rank = 1 then found_in end) as first_example,
        max(case when example_rank = 2 then found_in end) as second_example,
        max(case when example_rank = 3 then found_in end) as third_example,
    from ranked
    group by source, object, check_name, description, severity

)

select * from data_quality_summary
