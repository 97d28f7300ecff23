"""The floor: one DuckDB process that does the same work in bare SQL.

It reads the extracts typed, keeps one row per version of a record, and makes the marts by the
project's own SQL, as dbt renders it for a first build. What only the project does is left out: it
judges no row and sets none aside, keeps no ledger, tests nothing, publishes nothing, forecasts
nothing, makes no fingerprints of what was built, and no model that no mart needs.

Its statements are written beforehand; the timed process only runs them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from benchmarks.contestants.dbt_project import RenderedModel, render
from benchmarks.measure import Figures, measured
from orchestration.contracts import Contract, load_contracts
from orchestration.ingest import sql
from orchestration.ingest.raw_tables import create_raw_tables, stored_name, table_of

PROGRAM = Path(__file__).with_name("statements.py")


def prepare(landing: Path, folder: Path, marts: Collection[str]) -> Path:
    """Write the statements that build some marts, or all where none are named.

    Args:
        landing: the extracts.
        folder: where the file of statements and dbt's rendering go.
        marts: names of models.

    Returns:
        The file of statements.
    """
    statements = [*_raw_tables(landing), *_models(folder, marts)]
    plan = folder / "floor.json"
    plan.write_text(json.dumps(statements), encoding="utf-8")
    return plan


def run(plan: Path, database: Path, memory_limit: str) -> Figures:
    """Run the statements in a process of its own, into an empty database."""
    database.parent.mkdir(parents=True, exist_ok=True)
    database.unlink(missing_ok=True)
    return measured([sys.executable, PROGRAM, plan, database, memory_limit]).figures


def _raw_tables(landing: Path) -> Iterator[str]:
    contracts = list(load_contracts().values())
    with duckdb.connect() as empty:
        create_raw_tables(empty, contracts)
        found = empty.execute("select schema_name, table_name, sql from duckdb_tables()").fetchall()
        views = empty.execute("select sql from duckdb_views() where not internal").fetchall()
    tables = {(schema, name): statement for schema, name, statement in found}
    for schema in sorted({contract.schema for contract in contracts}):
        yield f"create schema {sql.name(schema)}"
    for contract in contracts:
        folder = landing / contract.source / contract.object
        reads = [_read(contract, file) for file in sorted(folder.glob("*/*.csv"))]
        if reads:
            yield from _versions(contract, reads)
        else:
            yield tables[contract.schema, stored_name(contract)]
    for (view,) in views:
        yield view
    newest = max(file.parent.name for file in landing.rglob("*.csv"))
    yield "create schema ops"
    yield (
        "create table ops.load_ledger as"
        f" select 'loaded' as status, date '{newest}' as extract_date"
    )
    yield (
        "create table ops.deleted_record"
        " (source varchar, object varchar, record_key varchar, deleted_date date)"
    )


def _versions(contract: Contract, reads: Sequence[str]) -> Iterator[str]:
    table, keys = table_of(contract), ", ".join(map(sql.name, contract.key_columns))
    yield f"create table {table} as {' union all '.join(reads)}"
    if len(reads) == 1:
        return
    # Only of records that came more than once can there be two rows of one version.
    yield (
        "create temp table repeated as"
        " select * exclude (_first_extract_date, _last_extract_date),"
        " min(_first_extract_date) as _first_extract_date,"
        " max(_last_extract_date) as _last_extract_date"
        f" from {table} where ({keys}) in"
        f" (select {keys} from {table} group by {keys} having count(*) > 1) group by all"
    )
    yield f"delete from {table} where ({keys}) in (select {keys} from repeated)"
    yield f"insert into {table} by name from repeated"
    yield "drop table repeated"


def _read(contract: Contract, file: Path) -> str:
    """A query of one file, its columns typed as the file is read."""
    with file.open(encoding="utf-8") as lines:
        header = next(lines).rstrip("\n").split(",")
    known = {field.name: field for field in contract.fields}
    read = {name: known[name].type if name in known else "VARCHAR" for name in header}
    columns = ", ".join(f"{sql.text(name)}: {sql.text(kind)}" for name, kind in read.items())
    selected = [
        f"{sql.name(field.name) if field.name in read else f'null::{field.type}'}"
        f" as {sql.name(field.column)}"
        for field in contract.fields
    ]
    surplus = ", ".join(f"{sql.text(n)}: {sql.name(n)}" for n in header if n not in known)
    day = f"date '{file.parent.name}'"
    return f"""
        select
            {", ".join(selected)},
            {f"to_json({{{surplus}}})" if surplus else "null::JSON"} as _extra,
            {day} as _first_extract_date,
            {day} as _last_extract_date
        from read_csv({sql.path(file)}, auto_detect = false, header = true, delim = ',',
            quote = '"', escape = '"', columns = {{{columns}}})
    """


def _models(folder: Path, marts: Collection[str]) -> Iterator[str]:
    models = [_plain(model) for model in render(folder) if model.kind != "table_function"]
    for schema in sorted({model.schema for model in models} - {"ops"}):
        yield f"create schema {schema}"
    needed = _needed(models, marts)
    for model in models:
        if model.name in needed:
            kind = "view" if model.kind == "view" else "table"
            yield f"create {kind} {model.relation} as {model.sql}"


def _plain(model: RenderedModel) -> RenderedModel:
    """The model without what only serves to find, on a later run, what has changed."""
    if model.name != "int_opportunities_fingerprinted":
        return model
    listed = model.relation.replace(model.name, "int_opportunities_listed")
    query = f"select *, true as is_changed, false as is_gone from {listed}"
    return replace(model, sql=query)


def _needed(models: Sequence[RenderedModel], marts: Collection[str]) -> set[str]:
    """The marts, and whatever their text names, and what the text of that names."""
    texts = {model.name: model.sql for model in models}
    relations = {model.name: model.relation for model in models}
    needed = [m.name for m in models if (m.name in marts if marts else m.schema == "marts")]
    for name in needed:
        needed += [n for n in texts if n not in needed and relations[n] in texts[name]]
    return set(needed)
