"""Canonical texts are recognised without patterns, and mean what the patterns say they mean."""

from __future__ import annotations

import datetime as dt
import string
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.contracts import load_contracts
from orchestration.ingest import sql, typing_sql
from orchestration.ingest.canonical import guess, guess_column, is_canonical
from orchestration.ingest.csv_records import REFUSAL_SCANS, REFUSALS
from orchestration.ingest.forms import open_records
from orchestration.ingest.landing import LandingFile
from orchestration.ingest.typing_sql import typed_query
from tests.integration.ingest.conftest import csv_text, salesforce_id

_CONTRACT = load_contracts()["salesforce", "Opportunity"]
_COLUMNS = (
    *("id", "account_id", "amount", "probability", "close_date", "is_deleted", "created_date"),
    *("system_modstamp", "fiscal_year", "push_count", "name", "stage_name"),
)
_TEXTS = (
    *(salesforce_id("006", 1), salesforce_id("00A", 2), salesforce_id("006", 1)[:15]),
    *(salesforce_id("006", 1).lower(), salesforce_id("006", 1)[:17] + " "),
    *(
        "0",
        "1",
        "-1",
        "1.00",
        "-0.50",
        "0.5",
        ".5",
        "5.",
        "1e3",
        "1_000",
        "1,000",
        "0.005",
        "+1.00",
    ),
    *(
        "007",
        "0.005",
        "00.10",
        "-0.00",
        "99999999999999999.99",
        "1" * 20,
        "NaN",
        "inf",
        "0x10",
        "100.00",
    ),
    *("2026-01-31", "2026-02-30", "0001-01-01", "10000-01-01", "0044-01-01 (BC)", "infinity"),
    *("20260131", "31/01/2026", "2026-1-31", "2026-01-31T00:00:00.000Z", "epoch", "today"),
    *("2026-01-31T09:30:00.000Z", "2026-01-31T09:30:00.123Z", "2026-01-31T09:30:00.123456Z"),
    *("2026-01-31T09:30:00Z", "2026-01-31 09:30:00", "2026-01-31T09:30:00.000+02:00"),
    *("2026-01-31T24:00:00.000Z", "2026-01-31T09:30:60.000Z", "0000-01-31T09:30:00.000Z"),
    *("10000-01-31T09:30:00.00Z", "-043-01-31T09:30:00.000Z", "2026-01-31T09:30:00.0000"),
    *("true", "false", "TRUE", "t", "yes", "no", "Prospecting", "'quoted'", 'said "so"', "a,b"),
    *("", " ", "é", "e\u0301", "x\u200b", "\u00a0x", "\ufeff", "３", "NULL", "null"),
)
_PADDED = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "", " ", "\u00a0", "'"]),
    st.sampled_from(_TEXTS),
    st.sampled_from(["", "", "", " ", "\t", "0", "Z"]),
)
_ROWS = st.lists(st.tuples(*[_PADDED] * len(_COLUMNS)), min_size=10, max_size=25)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        sql.define_macros(connection)
        yield connection


@pytest.mark.parametrize(
    "declared",
    [{}, {"decimal_mark": ",", "thousands_mark": "."}, {"date_order": "dmy", "timezone": "UTC"}],
    ids=str,
)
@settings(max_examples=8, deadline=None)
@given(rows=_ROWS)
def test_rows_are_the_same_with_and_without_recognising_canonical_texts(
    connection: duckdb.DuckDBPyConnection, declared: dict[str, str], rows: list[tuple[str, ...]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        recognised = _typed(connection, rows, declared)
        patch.setattr(typing_sql, "is_recognisable", lambda *_: False)
        assert recognised == _typed(connection, rows, declared)


@pytest.mark.parametrize(
    ("column", "text", "is_known"),
    [
        ("id", salesforce_id("006", 1), True),
        ("id", salesforce_id("006", 1)[:15], False),
        ("id", salesforce_id("006", 1).lower(), False),
        ("amount", "-12.50", True),
        ("amount", "12.5", False),
        ("amount", "90", True),
        ("amount", "-0", False),
        ("amount", "1_000.00", False),
        ("close_date", "2026-01-31", True),
        ("close_date", "infinity", False),
        ("close_date", "0044-01-01 (BC)", False),
        ("is_deleted", "false", True),
        ("is_deleted", "False", False),
        ("created_date", "2026-01-31T09:30:00.123Z", True),
        ("created_date", "2026-01-31T09:30:00.123456Z", False),
        ("created_date", "2026-01-31T 9:30:00.123Z", False),
        ("created_date", "2026-01-31T09:30:00. 23Z", False),
        ("created_date", " 026-01-31T09:30:00.123Z", False),
        ("created_date", "2026-01-31T24:00:00.000Z", False),
        ("fiscal_year", "2026", True),
        ("fiscal_year", "02026", False),
    ],
)
def test_a_text_is_canonical_when_it_is_the_one_text_of_its_value(
    connection: duckdb.DuckDBPyConnection, column: str, text: str, is_known: bool
) -> None:
    field = _CONTRACT.by_column[column]
    (found,) = connection.execute(
        f"""
        select {is_canonical(field, "raw")}
        from (select raw, {guess(field, "raw")} as {guess_column(field)} from (select ? as raw))
        """,
        [text],
    ).fetchone()
    assert found is is_known


@settings(max_examples=20, deadline=None)
@given(
    begins=st.lists(
        st.tuples(
            st.text(string.ascii_letters + string.digits, min_size=5, max_size=5),
            st.sampled_from(["00000", "00a1z", "0000B", "ABCDE"]),
            st.text(string.ascii_letters + string.digits, min_size=5, max_size=5),
        ).map("".join),
        min_size=1,
        max_size=50,
    )
)
def test_an_id_is_known_by_all_three_of_its_check_letters(
    connection: duckdb.DuckDBPyConnection, begins: list[str]
) -> None:
    letters = string.ascii_uppercase + "012345"
    found = connection.execute(
        """
        with whole as (select unnest(?::VARCHAR[]) as begin, salesforce_id(begin) as id)
        select bool_and(is_salesforce_id(id) and not is_salesforce_id(begin)) from whole
        union all
        select bool_and(is_salesforce_id(changed) = (changed = id))
        from (
            select id, id[:places.place - 1] || letters.letter || id[places.place + 1:] as changed
            from whole
            cross join (select unnest([16, 17, 18]) as place) as places
            cross join (select unnest(string_split(?, '')) as letter) as letters
        )
        """,
        [begins, letters],
    ).fetchall()
    assert found == [(True,), (True,)]


def _file(path: Path) -> LandingFile:
    return LandingFile(
        path, path.name, "salesforce", "Opportunity", dt.date(2026, 3, 1), path.parent
    )


def _typed(
    connection: duckdb.DuckDBPyConnection, rows: list[tuple[str, ...]], declared: dict[str, str]
) -> list[tuple[Any, ...]]:
    """All columns of all rows, read as an extract whose format is declared so."""
    names = {field.column: field.name for field in _CONTRACT.fields}
    header = [names[column] for column in _COLUMNS]
    file_format = _CONTRACT.format.model_copy(update=declared)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text(csv_text([dict(zip(header, row, strict=True)) for row in rows]))
        records = open_records(connection, _file(path), _CONTRACT, file_format, Path(folder))
        query = typed_query(records, _CONTRACT, records.file_format)
        typed = connection.execute(query).fetchall()
    for table in (REFUSALS, REFUSAL_SCANS):
        connection.execute(f"drop table if exists {table}")
    return typed
