-- A row here is a user who is below a node twice at one moment, so that deals would count twice.
with

paths as (select * from {{ ref('int_manager_paths') }}),

ordered_paths as (

    select
        user_key,
        node_key,
        valid_from,
        valid_to,
        lead(valid_from) over (partition by user_key, node_key order by valid_from) as next_from,
    from paths

)

select *
from ordered_paths
where next_from < valid_to or (next_from is not null and valid_to is null)
