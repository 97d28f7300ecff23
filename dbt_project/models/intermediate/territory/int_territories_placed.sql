with recursive

territories as (select * from {{ ref('stg_salesforce__territories') }}),

-- A territory whose parent is unknown stands at the top.
climbs as (

    select
        territory_key,
        territory_name as territory_path,
        parent_territory_key as next_key,
        1 as level_number,
        '|' || territory_key || '|' as visited,
    from territories

    union all

    select
        climbs.territory_key,
        coalesce(parents.territory_name, '?') || ' > ' || climbs.territory_path as territory_path,
        parents.parent_territory_key as next_key,
        climbs.level_number + 1 as level_number,
        climbs.visited || parents.territory_key || '|' as visited,
    from climbs
    inner join territories as parents on climbs.next_key = parents.territory_key
    where instr(climbs.visited, '|' || parents.territory_key || '|') = 0

),

placed_territories as (

    select
        territory_key,
        territory_path,
        level_number,
    from climbs
    qualify row_number() over (partition by territory_key order by level_number desc) = 1

)

select * from placed_territories
