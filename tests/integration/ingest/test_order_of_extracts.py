"""Whatever dbt reads does not depend on the order, the cutting and the repetition of extracts.

Each case is a fresh warehouse that the same extracts are loaded into: their files in an order of
its own, each extract cut into parts of its own, one part delivered twice, and all of it in
several runs. Raw tables (all versions, so the newest as well) and inferred deletions must come out
the same.

It follows that the marts are the same, without building them fifty times: a mart is a
deterministic query of those tables, of the date of the newest extract, and of nothing else that
ingest writes. The last two tests hold that claim against the dbt project itself; full builds after
two orders are compared in ``tests/end_to_end``.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.settings import DBT_PROJECT
from orchestration.transform.project import prepare_manifest
from tests.figures import ORDERS, Figure
from tests.integration.ingest.conftest import Office, csv_text, salesforce_id

ORDERS_TRIED = 50
_OPERATIONAL = ("_file_name", "_line_number", "_loaded_at")
_READ = {
    "raw_salesforce.user_role": f"* exclude ({', '.join(_OPERATIONAL)})",
    "raw_salesforce.opportunity_field_history": f"* exclude ({', '.join(_OPERATIONAL)})",
    "ops.deleted_record": "*",
    "ops.load_ledger": "max(case when status in ('loaded', 'unchanged') then extract_date end)",
}


def _role(number: int, name: str, stamp: str, **values: str) -> dict[str, str]:
    return {
        "Id": salesforce_id("00E", number),
        "Name": name,
        "ParentRoleId": "",
        "SystemModstamp": f"2026-03-{stamp}T08:00:00.000Z",
    } | values


def _change(number: int, value: str) -> dict[str, str]:
    return {
        "Id": salesforce_id("017", number),
        "OpportunityId": salesforce_id("006", number % 3),
        "CreatedDate": f"2026-03-{number:02}T10:00:00.000Z",
        "Field": "Owner",
        "NewValue": value,
    }


# By folder: a role is renamed and named back and renamed again, one goes and comes back, one goes
# for good; one row is in quarantine until it is mended, one is twice in its extract. Two later
# extracts have the bytes of an earlier one: one after others came between, one right after that.
_ROLES = "salesforce/UserRole"
_EXTRACTS = {
    f"{_ROLES}/2026-03-05": [_role(n, f"Role {n}", "01") for n in range(1, 9)],
    f"{_ROLES}/2026-03-06": [
        _role(2, "Renamed", "05"),
        *(_role(n, f"Role {n}", "01") for n in (1, 3, 4, 5, 6, 7, 7)),
    ],
    f"{_ROLES}/2026-03-07": [
        row | {"Shoe_Size__c": "44" if row["Name"] == "Role 4" else ""}
        for row in (
            _role(2, "Role 2", "06"),
            *(_role(n, f"Role {n}", "01") for n in (1, 3, 4, 5, 6, 8)),
        )
    ],
    "salesforce/OpportunityFieldHistory/2026-03-06": [
        *(_change(n, f"owner {n}") for n in range(1, 5)),
        _change(5, "owner 5") | {"CreatedDate": "yesterday"},
    ],
    "salesforce/OpportunityFieldHistory/2026-03-07": [_change(n, f"owner {n}") for n in (4, 5, 6)],
}


_EXTRACTS |= {
    f"{_ROLES}/{day}": _EXTRACTS[f"{_ROLES}/2026-03-06"] for day in ("2026-03-08", "2026-03-09")
}


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


@pytest.fixture(scope="module")
def in_order(
    connection: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, list[Any]]:
    """What dbt reads after the extracts came whole, one after the other."""
    files = {f"{folder}/all.csv": csv_text(rows) for folder, rows in _EXTRACTS.items()}
    return _read_after(connection, tmp_path_factory.mktemp("whole"), [files])


def test_the_extracts_make_versions_and_deletions(in_order: Mapping[str, list[Any]]) -> None:
    assert len(in_order["raw_salesforce.user_role"]) == 8 + 3
    assert len(in_order["raw_salesforce.opportunity_field_history"]) == 6
    gone = [key for _, _, key, _ in in_order["ops.deleted_record"]]
    assert gone == [salesforce_id("00E", 8)]


def test_any_order_cut_and_repetition_gives_what_dbt_reads(
    connection: duckdb.DuckDBPyConnection,
    tmp_path_factory: pytest.TempPathFactory,
    in_order: Mapping[str, list[Any]],
    figure: Callable[[str, int], Figure],
) -> None:
    same = figure(ORDERS, ORDERS_TRIED)
    for number in range(ORDERS_TRIED):
        runs = _shuffled(random.Random(number))  # noqa: S311 - no secret
        assert _read_after(connection, tmp_path_factory.mktemp("cut"), runs) == in_order, number
        same.reach()


def _shuffled(chance: random.Random) -> list[dict[str, str]]:
    """The files of two runs: the extracts cut, in any order, with one part twice."""
    files = []
    cuttings: dict[str, list[str]] = {}  # of the same extract on every day
    for folder, rows in _EXTRACTS.items():
        parts = cuttings.setdefault(str(rows), _cut(rows, chance))
        files += [(f"{folder}/{place}.csv", text) for place, text in enumerate(parts)]
    files += [(name.replace(".csv", " again.csv"), text) for name, text in chance.sample(files, 1)]
    chance.shuffle(files)
    cut = chance.randrange(len(files)) + 1
    return [dict(run) for run in (files[:cut], files[cut:]) if run]


def test_marts_depend_on_nothing_else_that_ingest_writes() -> None:
    """Only the date of the newest extract is taken from the ledger, nothing from quarantine."""
    manifest = json.loads(prepare_manifest().read_text())
    parents = manifest["parent_map"]
    pending = [
        name
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    ]
    assert len(pending) > 16
    read: set[tuple[str, str]] = set()
    seen = set(pending)
    while pending:
        name = pending.pop()
        for parent in parents[name]:
            source = manifest["sources"].get(parent)
            if source and source["schema"] == "ops":
                read.add((source["name"], name.rsplit(".", 1)[1]))
            elif not source and parent not in seen:
                seen.add(parent)
                pending.append(parent)
    of_deletions = {model for table, model in read if table == "deleted_record"}
    assert of_deletions
    assert read - {("deleted_record", model) for model in of_deletions} == {
        ("load_ledger", "int_as_of_date")
    }


def test_no_sql_of_dbt_names_a_column_that_depends_on_the_order() -> None:
    named = re.compile(rf"\b({'|'.join(_OPERATIONAL)})\b")
    files = [f for folder in ("models", "macros") for f in (DBT_PROJECT / folder).rglob("*.sql")]
    assert len(files) > 50
    assert [file.name for file in files if named.search(file.read_text())] == []


def _cut(rows: list[dict[str, str]], chance: random.Random) -> list[str]:
    """An extract in an order of its own, whole or in two parts."""
    rows = chance.sample(rows, len(rows))
    cut = chance.choice([len(rows), len(rows) // 2])
    return [csv_text(part) for part in (rows[:cut], rows[cut:]) if part]


def _read_after(
    connection: duckdb.DuckDBPyConnection, home: Path, runs: list[dict[str, str]]
) -> dict[str, list[Any]]:
    """What dbt reads after the files were loaded into an empty warehouse, run by run."""
    (home / "warehouse").mkdir()
    office = Office(home, connection)
    for (table,) in office.query(
        "select schema_name || '.' || table_name from duckdb_tables()"
        " where schema_name = 'ops' or table_name in ('_user_role', '_opportunity_field_history')"
    ):
        connection.execute(f"delete from {table}")
    for run in runs:
        for name, text in run.items():
            if name.startswith(_ROLES):
                office.deliver(f"{Path(name).parent}/_profile.yaml", "extract_mode: full\n")
            office.deliver(name, text)
        assert not office.ingest().rejected
    return {
        table: office.query(f"select {columns} from {table} order by all")
        for table, columns in _READ.items()
    }
