with

measures as (

    {{ marketing_measures() }}

),

channel_performance as (

    select
        month_start_date,
        channel,

        {{ marketing_figures() }}
    from measures
    group by month_start_date, channel

)

select * from channel_performance
