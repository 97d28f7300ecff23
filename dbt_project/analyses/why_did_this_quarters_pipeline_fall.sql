-- Why did this quarter's pipeline fall, or grow? What the quarter began with, and what
-- became of it so far.
with

today as (select * from {{ published('dim_date') }} where is_as_of_date),

waterfall as (
    select * from {{ published('mart_pipeline_waterfall') }}
    where period_type = 'quarter'
),

quarter_parts as (

    select
        {% for part in waterfall_parts() %}
            sum(waterfall.{{ part }}_amount) as {{ part }}_amount,
        {% endfor %}
    from waterfall
    inner join today on waterfall.period_start_date = today.fiscal_quarter_start_date

),

steps as (

    {% for part in waterfall_parts() %}
        {% set leaves = part in ['decreased', 'won', 'lost', 'pushed_out', 'removed'] %}
        select
            {{ loop.index }} as step,
            '{{ part }}' as part,
            {{ '-' if leaves }}{{ part }}_amount as amount,
        from quarter_parts
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from steps
order by step
