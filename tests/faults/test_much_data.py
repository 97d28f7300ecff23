"""An object of ten million rows is loaded with 500 MB for DuckDB, in less than 1 GB in all."""

from __future__ import annotations

import os

import duckdb

from tests.conftest import Installation

ROWS = 10_000_000


def test_ten_million_rows_are_loaded_within_a_gigabyte(tmp_path, figure):
    within = figure("10M rows with memory_limit 500 MB: loaded, less than 1 GB", 1)
    installation = Installation(tmp_path / "home")
    folder = installation.landing / "salesforce" / "OpportunityFieldHistory" / "2026-03-14"
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select
                    '017Qx' || lpad(n::varchar, 10, '0') as Id,
                    '006Qx' || lpad((n % 1000000)::varchar, 10, '0') as OpportunityId,
                    strftime(timestamp '2024-01-01' + to_seconds(n), '%Y-%m-%dT%H:%M:%S.000Z')
                        as CreatedDate,
                    'Amount' as Field,
                    (n % 9973)::varchar as OldValue,
                    (n % 9967)::varchar as NewValue
                from range({ROWS}) as numbers (n)
            ) to '{folder}/history.csv' (header)
            """
        )
    process = installation.start("ingest", SALESOPS_MEMORY_LIMIT="500MB")
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, output + process.stderr.read()
    assert f"{ROWS:,} new" in output
    assert used.ru_maxrss * 1024 < 1_000_000_000, f"{used.ru_maxrss / 1e6:.2f} GB"
    within.reach()
