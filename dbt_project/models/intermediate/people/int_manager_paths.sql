with recursive

people as (select * from {{ ref('int_people_listed') }}),

-- Who is named but was never extracted stands at the top, so that no figure gets lost.
reporting_lines as (

    select
        user_key,
        manager_key,
        valid_from,
        coalesce(valid_to, {{ end_of_time() }}) as valid_to,
    from {{ ref('int_reporting_lines') }}

    union all

    select
        user_key,
        null as manager_key,
        {{ beginning_of_time() }} as valid_from,
        {{ end_of_time() }} as valid_to,
    from people
    where not is_known

),

climbs as (

    select
        user_key,
        user_key as node_key,
        0 as distance,
        manager_key as next_key,
        valid_from,
        valid_to,
        '|' || user_key || '|' as visited,
    from reporting_lines

    union all

    select
        climbs.user_key,
        reporting_lines.user_key as node_key,
        climbs.distance + 1 as distance,
        reporting_lines.manager_key as next_key,
        greatest(climbs.valid_from, reporting_lines.valid_from) as valid_from,
        least(climbs.valid_to, reporting_lines.valid_to) as valid_to,
        climbs.visited || reporting_lines.user_key || '|' as visited,
    from climbs
    inner join reporting_lines
        on
            climbs.next_key = reporting_lines.user_key
            and climbs.valid_from < reporting_lines.valid_to
            and climbs.valid_to > reporting_lines.valid_from
    -- A circle of managers ends where it would close.
    where instr(climbs.visited, '|' || reporting_lines.user_key || '|') = 0

),

manager_paths as (

    select
        user_key,
        node_key,
        distance,
        valid_from,
        nullif(valid_to, {{ end_of_time() }}) as valid_to,
    from climbs

)

select * from manager_paths
