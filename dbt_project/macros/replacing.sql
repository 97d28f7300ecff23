{#-
Long tables are not built whole on every run. Of such a table the rows of what changed give way to
new ones, and the rest stays. Three kinds of models play together:

    the judge      works out a fingerprint of everything that the rows of one key are made of, and
                   compares it with the one they were last built from: `is_changed` where it is
                   another one, where the key is new, or gone
    the replacing  delete the rows of all keys that changed, and build them anew
    the keeper     comes after all of them, and keeps the fingerprints for the next run

No clock and no order of loads has a part in it. Before anything is replaced the keeper forgets what
changed, so that whatever a run that broke off left undone is done by the next one. Where other code
or other choices of the company built the tables, or one of them is missing, they are all dropped and
built whole, as with --full-refresh.
-#}

{#- Configuration of a replacing model: how the rows of what changed give way. -#}
{% macro replacing(give_way) -%}
    {{ return({
        'materialized': 'incremental',
        'incremental_strategy': 'append',
        'on_schema_change': 'fail',
        'full_refresh': false,
        'pre_hook': '{{ ' ~ give_way ~ ' }}',
    }) }}
{%- endmacro %}

{#- Configuration of a judge. -#}
{% macro judging(keeper, key) -%}
    {{ return({
        'materialized': 'table',
        'pre_hook': "{{ begin_anew('" ~ keeper ~ "') }}",
        'post_hook': "{{ forget_changed('" ~ keeper ~ "', '" ~ key ~ "') }}",
    }) }}
{%- endmacro %}

{#- Whether a replacing model keeps what it has not to build: it has a table. A unit test keeps nothing. -#}
{% macro keeps_rows() -%}
    {{ return(has_tables() and is_incremental()) }}
{%- endmacro %}

{#- Whether tables can be looked at: not while the project is parsed, and never in a unit test. -#}
{% macro has_tables() -%}
    {{ return(execute and this is not none) }}
{%- endmacro %}

{#- Query of the judge: the fingerprints that the keeper kept, none where all is to be built. -#}
{% macro kept_fingerprints(keeper, key, fingerprints) -%}
    select
        {{ key }},
        fingerprint,
    from {{ last_build(keeper) or fingerprints ~ '\n    where false' }}
{%- endmacro %}

{#- The keeper's table, if it and all that it speaks of are there and made by this code; else none. -#}
{% macro last_build(keeper) -%}
    {%- if not has_tables() or flags.FULL_REFRESH or none in built_tables(keeper) -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set kept = built_tables(keeper) | first -%}
    {%- set others -%}
        select count(*) from {{ kept }} where built_with <> '{{ code_fingerprint() }}'
    {%- endset -%}
    {{ return(kept if run_query(others).columns[0].values()[0] == 0 else none) }}
{%- endmacro %}

{#- The tables of a keeper and of the replacing models before it; none for each that is missing. -#}
{% macro built_tables(keeper) -%}
    {%- set own = graph.nodes['model.' ~ project_name ~ '.' ~ keeper] -%}
    {%- set tables = [adapter.get_relation(own.database, own.schema, own.alias)] -%}
    {%- for name in own.depends_on.nodes if graph.nodes[name].config.materialized == 'incremental' -%}
        {%- set node = graph.nodes[name] -%}
        {%- do tables.append(adapter.get_relation(node.database, node.schema, node.alias)) -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}

{#- Before the judge: nothing is kept that has to be built whole. -#}
{% macro begin_anew(keeper) -%}
    {%- if has_tables() and not last_build(keeper) -%}
        {%- for table in built_tables(keeper) if table -%}
            {%- do adapter.drop_relation(table) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- After the judge: what changed counts as built from nothing until the keeper says otherwise. -#}
{% macro forget_changed(keeper, key) -%}
    {%- set kept = built_tables(keeper) | first if has_tables() -%}
    {%- if kept -%}
        merge into {{ kept }} as kept
        using (select {{ key }}, built_with from {{ this }} where is_changed) as changed
        on kept.{{ key }} = changed.{{ key }}
        when matched then update set fingerprint = null
        when not matched then
            insert ({{ key }}, fingerprint, built_with)
            values (changed.{{ key }}, null, changed.built_with)
    {%- endif -%}
{%- endmacro %}

{#-
What says whether a table would be built in the same way: the text of all models, their types, the
macros they call, and the company's choices that these name. The as-of date is no choice of that kind.
-#}
{% macro code_fingerprint() -%}
    {%- if not has_tables() -%}
        {{ return('') }}
    {%- endif -%}
    {%- set texts = {} -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
        {%- set types = node.columns.values() | map(attribute='data_type') | list -%}
        {%- do texts.update({node.unique_id: node.raw_code ~ types}) -%}
        {%- for macro in node.depends_on.macros -%}
            {%- do gather_macro_texts(macro, texts) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set choices = {} -%}
    {%- for name in modules.re.findall("var\(['\"](\w+)", texts.values() | join) | unique -%}
        {%- do choices.update({name: var(name) if name != 'as_of_date'}) -%}
    {%- endfor -%}
    {{ return(local_md5(texts | dictsort | string ~ choices | dictsort | string)) }}
{%- endmacro %}

{#- Adds a macro of this project and the ones it calls to a dictionary of their texts. -#}
{% macro gather_macro_texts(macro_id, texts) -%}
    {%- set name = macro_id.split('.')[-1] -%}
    {%- if macro_id.startswith('macro.' ~ project_name ~ '.') and macro_id not in texts -%}
        {%- set macro = context[name].macro -%}
        {%- do texts.update({macro_id: macro.macro_sql}) -%}
        {%- for called in macro.depends_on.macros -%}
            {%- do gather_macro_texts(called, texts) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
