-- A row here is a user's version that overlaps the next one, or leaves a gap before it.
with

user_history as (select * from {{ ref('dim_user_history') }}),

ordered_history as (

    select
        user_version_key,
        valid_from,
        valid_to,
        lead(valid_from) over (partition by user_key order by valid_from) as next_from,
    from user_history

)

select *
from ordered_history
where
    valid_from >= valid_to
    or (next_from is not null and valid_to is distinct from next_from)
