"""Loading one large CSV extract: ``salesops ingest`` against bare DuckDB.

Run it as ``python -m benchmarks.loading``; ``--help`` lists what can be chosen. The extract is one
of Salesforce's OpportunityHistory, the object that grows fastest. The floor is one ``create table
as select from read_csv`` of the same file with the same types and the same memory limit: no
cleaning, no rules, no versions, no ledger. Both are whole processes, run in turn.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from benchmarks.contestants import salesops
from benchmarks.measure import Figures, measured
from orchestration.contracts import Contract, load_contracts
from orchestration.ingest import sql
from orchestration.ingest.raw_tables import table_of

OBJECT = ("salesforce", "OpportunityHistory")
STAGES = "['Prospecting', 'Qualification', 'Needs Analysis', 'Proposal/Price Quote', 'Closed Won']"
CATEGORIES = "['BestCase', 'Closed', 'Forecast', 'MostLikely', 'Omitted', 'Pipeline']"


def main() -> None:
    """Measure, compare what came out, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loading")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory-limit", default="500MB", help="of DuckDB, for both")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary one by default")
    options = parser.parse_args()
    contract = load_contracts()[OBJECT]
    with tempfile.TemporaryDirectory(dir=options.folder) as scratch:
        folder = Path(scratch)
        extract = folder.joinpath("home", "landing", *OBJECT, "2026-03-01", "history.csv")
        extract.parent.mkdir(parents=True)
        write_extract(extract, options.rows)
        floor, ingest = [], []
        for _ in range(options.rounds):
            floor.append(measure_floor(contract, extract, folder, options.memory_limit))
            ingest.append(measure_ingest(folder, options.memory_limit))
            check_same(contract, folder, options.rows)
        size = extract.stat().st_size
    print(f"{options.rows:,} rows, {size / 1e6:,.0f} MB, memory limit {options.memory_limit}")
    print(
        f"{options.rounds} rounds; Python {platform.python_version()}, DuckDB {duckdb.__version__},"
        f" {os.cpu_count()} cores"
    )
    print(table(options.rows, floor, ingest))


def write_extract(path: Path, rows: int) -> None:
    """Write an extract as the Bulk API does; the same for the same number of rows."""
    stamp = "strftime(timestamp '2023-01-01' + to_seconds(hash(i + 2) % 94608000), '%xT%X.000Z')"
    stamp = stamp.replace("%x", "%Y-%m-%d").replace("%X", "%H:%M:%S")

    def ids(prefix: str, number: str) -> str:
        digits = f"translate(to_base(({number})::BIGINT, 36, 7), 'BDFHJLNPRTVXZ', 'bdfhjlnprtvxz')"
        return f"salesforce_id('{prefix}8d000' || {digits})"

    with duckdb.connect() as connection:
        sql.define_macros(connection)
        connection.execute(
            f"""
            copy (
                select
                    {ids("008", "i + 2176782336")} as "Id",
                    {ids("006", f"hash(i) % {max(rows // 10, 1)}")} as "OpportunityId",
                    {ids("005", "hash(i + 1) % 500")} as "CreatedById",
                    {stamp} as "CreatedDate",
                    {STAGES}[(1 + hash(i + 3) % 5)::INTEGER] as "StageName",
                    (hash(i + 4) % 10000000 / 100)::DECIMAL(18, 2) as "Amount",
                    (hash(i + 5) % 10000000 / 100)::DECIMAL(18, 2) as "ExpectedRevenue",
                    date '2023-01-01' + (hash(i + 6) % 1400)::INTEGER as "CloseDate",
                    hash(i + 7) % 11 * 10 as "Probability",
                    {CATEGORIES}[(1 + hash(i + 8) % 6)::INTEGER] as "ForecastCategory",
                    'false' as "IsDeleted",
                    {stamp} as "SystemModstamp"
                from range({rows}) as numbers (i)
            ) to {sql.path(path)} (header)
            """
        )


def measure_floor(contract: Contract, extract: Path, folder: Path, memory_limit: str) -> Figures:
    """Bare DuckDB, in a process of its own."""
    columns = ", ".join(f"{sql.text(f.column)}: {sql.text(f.type)}" for f in contract.fields)
    statement = f"""
        create table {contract.table} as
        select * from read_csv(
            {sql.path(extract)}, auto_detect = false, header = true, columns = {{{columns}}})
    """
    program = (
        "import sys, duckdb\n"
        "connection = duckdb.connect(sys.argv[1], config={'memory_limit': sys.argv[2]})\n"
        "connection.execute(sys.argv[3])\n"
        "connection.close()\n"
    )
    database = folder / "floor.duckdb"
    database.unlink(missing_ok=True)
    command = [sys.executable, "-c", program, str(database), memory_limit, statement]
    return measured(command).figures


def measure_ingest(folder: Path, memory_limit: str) -> Figures:
    """The command, into an empty warehouse."""
    home = folder / "home"
    shutil.rmtree(home / "warehouse", ignore_errors=True)
    return salesops.ingest(home, memory_limit)


def check_same(contract: Contract, folder: Path, rows: int) -> None:
    """Both made the same typed rows, or no figure is worth anything.

    Raises:
        SystemExit: they did not.
    """
    columns = ", ".join(sql.name(field.column) for field in contract.fields)
    found = []
    for file, relation in (
        (folder / "floor.duckdb", contract.table),
        (folder / "home" / "warehouse" / "warehouse.duckdb", table_of(contract)),
    ):
        with duckdb.connect(str(file), read_only=True) as connection:
            found += connection.execute(
                f"select count(*), bit_xor(hash({columns})), sum(amount) from {relation}"
            ).fetchall()
    if found[0] != found[1] or found[0][0] != rows:
        raise SystemExit(f"the outputs differ: {found}")


def table(rows: int, floor: Sequence[Figures], ingest: Sequence[Figures]) -> str:
    """The medians, and the ratios round by round with their range, as Markdown."""
    lines = ["| | floor | ingest | ingest / floor (min to max) |", "|---|---|---|---|"]
    measures: tuple[tuple[str, Callable[[Figures], float]], ...] = (
        ("rows per second", lambda figures: rows / figures.wall_seconds),
        ("wall time, s", lambda figures: figures.wall_seconds),
        ("CPU time, s", lambda figures: figures.cpu_seconds),
        ("peak memory, MB", lambda figures: figures.peak_megabytes),
    )
    for name, of in measures:
        ratios = [of(ours) / of(bare) for ours, bare in zip(ingest, floor, strict=True)]
        lines.append(
            f"| {name} | {statistics.median(map(of, floor)):,.1f}"
            f" | {statistics.median(map(of, ingest)):,.1f}"
            f" | {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
