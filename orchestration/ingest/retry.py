"""Quarantined records once more, from their kept text, by the contracts as they are now."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract, FileFormat, load_contracts
from orchestration.ingest import ledger, sql
from orchestration.ingest.errors import RejectedFileError, damage_rejects
from orchestration.ingest.forms import open_records
from orchestration.ingest.kept import KeptRecords
from orchestration.ingest.landing import LandingFile
from orchestration.ingest.ledger import RowCounts
from orchestration.ingest.load import ReadFile, merge_records
from orchestration.ingest.profile import PROFILE, format_of
from orchestration.ingest.quarantine import Origin
from orchestration.ingest.raw_tables import (
    content_number,
    drop_staged,
    extend_dates,
    table_of,
)
from orchestration.ingest.records import READABLE, record_of
from orchestration.ingest.refused import Selection
from orchestration.ingest.run import SCRATCH, conclude, prepare
from orchestration.ingest.staging import VERDICTS, Staged, put_repeated_aside, stage
from orchestration.settings import Settings
from orchestration.warehouse import transaction

_OF_FILE = """
    ops.quarantined_row
    where file_name = ? and file_sha256 is not distinct from ? and not list_contains(rules, ?)
"""


@dataclass(frozen=True)
class RetriedFile:
    """What became of the quarantined records of one file."""

    file_name: str
    rows: RowCounts  # read: how many were tried; quarantined: how many are still refused
    problem: str | None = None  # why none of them could be tried


@dataclass(frozen=True)
class _KeptFile:
    """A file of which records are in quarantine, as the ledger remembers it."""

    source: str
    object: str
    origin: Origin
    header: list[str] | None
    delimiter: str | None
    file_format: str


def retry_quarantined(
    settings: Settings, connection: DuckDBPyConnection, selection: Selection
) -> list[RetriedFile]:
    """Judge quarantined records by the contracts and profiles as they are now, file by file.

    What is accepted is loaded as if its file had been read so in the first place, leaves the
    quarantine, and is counted where the file's other records are; the rest stays with its new
    reasons. Records that are no rows at all, such as those with too many fields, are not tried:
    no contract can mend them. Each file is one transaction.

    Args:
        settings: where landing and the warehouse are.
        connection: the open warehouse.
        selection: which records; always all of a file, because they are compared with each other.
    """
    contracts = load_contracts(settings)
    prepare(connection, contracts.values())
    retried = []
    for file in _kept_files(connection, selection):
        contract = contracts.get((file.source, file.object))
        try:
            if contract is None:
                raise RejectedFileError(f"no contract describes {file.source}/{file.object}")
            rows = _retry_file(settings, connection, file, contract)
        except RejectedFileError as error:
            retried.append(RetriedFile(file.origin.file_name, RowCounts(), str(error)))
        else:
            retried.append(RetriedFile(file.origin.file_name, rows))
    return retried


def _kept_files(connection: DuckDBPyConnection, selection: Selection) -> list[_KeptFile]:
    rows = connection.execute(
        f"""
        select
            source, object, file_name, sha256, extract_date, header, delimiter, file_format
        from ops.load_ledger
        semi join (
            from ops.quarantined_row
            where {selection.condition} and not list_contains(rules, $readable)
        ) as refused
            on load_ledger.file_name = refused.file_name
            and load_ledger.sha256 = refused.file_sha256
        where status = 'loaded'
        order by extract_date, file_name, sha256
        """,
        asdict(selection) | {"readable": READABLE},
    ).fetchall()
    return [
        _KeptFile(source, object_name, Origin(file_name, digest, date), *kept)
        for source, object_name, file_name, digest, date, *kept in rows
    ]


def _retry_file(
    settings: Settings, connection: DuckDBPyConnection, file: _KeptFile, contract: Contract
) -> RowCounts:
    kept = _kept_texts(connection, file.origin)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=settings.warehouse_file.parent) as scratch:
        place = Path(scratch)
        file_format = _format_today(settings, file, contract)
        written = _write(file, kept.values(), place, file_format)
        try:
            with damage_rejects(place):
                records = open_records(connection, written, contract, file_format, place)
                known = KeptRecords(records, kept)
                staged = stage(
                    connection,
                    known,
                    contract,
                    file.origin.file_name,
                    file.origin.extract_date,
                )
            staged = _judge_by_loaded(connection, contract, staged, file.origin)
            with transaction(connection):
                _take_out(connection, file.origin)
                rows = merge_records(connection, contract, ReadFile(known, staged), file.origin)
                _extend_to_repetitions(connection, contract, file, staged)
                ledger.recount(connection, file.origin.file_name, file.origin.sha256, rows)
                conclude(connection, contract)
        finally:
            drop_staged(connection, contract)
    return rows


def _kept_texts(connection: DuckDBPyConnection, origin: Origin) -> dict[int, str]:
    return dict(
        connection.execute(
            f"select line_number, raw_text from {_OF_FILE} order by line_number",
            [origin.file_name, origin.sha256, READABLE],
        ).fetchall()
    )


def _take_out(connection: DuckDBPyConnection, origin: Origin) -> None:
    connection.execute(f"delete from {_OF_FILE}", [origin.file_name, origin.sha256, READABLE])


def _extend_to_repetitions(
    connection: DuckDBPyConnection, contract: Contract, file: _KeptFile, staged: Staged
) -> None:
    """Note that accepted records were also in later extracts of the same bytes, read but once."""
    key = ", ".join(sql.name(column) for column in contract.key_columns)
    version = f"{key}, {content_number(contract)}"
    rows = table_of(contract) if staged.is_first else staged.table
    for (date,) in connection.execute(
        """
        select extract_date from ops.load_ledger
        where status = 'unchanged' and source = ? and object = ? and sha256 = ?
            and file_format = ? and extract_date > ?
        order by extract_date
        """,
        [file.source, file.object, file.origin.sha256, file.file_format, file.origin.extract_date],
    ).fetchall():
        accepted = f"({version}) in (select {version} from {rows})"
        extend_dates(connection, contract, date, accepted)


def _format_today(settings: Settings, file: _KeptFile, contract: Contract) -> FileFormat:
    """How the kept text is written: as declared today, or as it was if it has left landing."""
    path = settings.landing_folder / file.origin.file_name
    folder = settings.landing_folder.joinpath(*Path(file.origin.file_name).parts[:3])
    is_there = any(place.is_file() for place in (path, *path.parents, folder / PROFILE))
    if is_there:
        declared = format_of(folder, contract.format)
    else:
        declared = FileFormat.model_validate_json(file.file_format)
    settled = {"encoding": "utf-8", "preamble_lines": 0}
    if file.delimiter is not None:
        settled["delimiter"] = file.delimiter
    return declared.overruled_by(settled)


def _write(
    file: _KeptFile, texts: Iterable[str], scratch: Path, file_format: FileFormat
) -> LandingFile:
    """The kept records as a file of text: with the header that they had, or as JSON lines."""
    lines = list(texts)
    if file.delimiter is not None:
        lines.insert(0, record_of(file.header or [], file_format.delimiter))
    path = scratch / ("kept.jsonl" if file.delimiter is None else "kept.csv")
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return LandingFile(path, path.name, file.source, file.object, file.origin.extract_date, scratch)


def _judge_by_loaded(
    connection: DuckDBPyConnection, contract: Contract, staged: Staged, origin: Origin
) -> Staged:
    """Judge good records by those that were loaded from the same file, as if read with them."""
    key = ", ".join(sql.name(column) for column in contract.key_columns)
    columns, same_moment = f"{key}, {content_number(contract)} as content", "true"
    if contract.watermark:
        columns += f", {sql.name(contract.watermark)} as moment"
        same_moment = "staged.moment is not distinct from loaded.moment"
    connection.execute(
        f"""
        create or replace temp table {VERDICTS} as
        select line, if(bool_or(staged.content = loaded.content), 'duplicate', 'contradiction')
            as verdict
        from (select _line_number as line, {columns} from {staged.table}) as staged
        inner join (
            select {columns} from {table_of(contract)} where _file_name = ?
        ) as loaded using ({key})
        where staged.content = loaded.content or {same_moment}
        group by line
        union all
        from {VERDICTS} where verdict = 'further version'
        """,
        [origin.file_name],
    )
    duplicates = put_repeated_aside(connection, contract, staged.table)
    return replace(staged, duplicates=staged.duplicates + duplicates)
