{#-
A query of who survives a merge: one row per record of `relation` that was merged away, its `key`
and `<survivor>`, the record at the end of its chain of masters. A survivor may itself be merged
away later: the chain is followed until it ends or goes round.
-#}
{% macro merge_survivors(relation, key, master_key, survivor) -%}
    with recursive

    merges as (

        select
            {{ key }},
            {{ master_key }} as {{ survivor }},
            1 as step,
            '|' || {{ key }} || '|' || {{ master_key }} || '|' as visited,
        from {{ relation }}
        where {{ master_key }} != {{ key }}

        union all

        select
            merges.{{ key }},
            records.{{ master_key }} as {{ survivor }},
            merges.step + 1 as step,
            merges.visited || records.{{ master_key }} || '|' as visited,
        from merges
        inner join {{ relation }} as records on merges.{{ survivor }} = records.{{ key }}
        where instr(merges.visited, '|' || records.{{ master_key }} || '|') = 0

    )

    select
        {{ key }},
        {{ survivor }},
    from merges
    qualify row_number() over (partition by {{ key }} order by step desc) = 1
{%- endmacro %}
