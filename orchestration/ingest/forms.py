"""The forms that extracts come in: by its name, a file is opened as records."""

from __future__ import annotations

from pathlib import Path

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract, FileFormat
from orchestration.ingest.csv_form import open_csv, says_no_records
from orchestration.ingest.errors import NoRecordsError, RejectedFileError
from orchestration.ingest.gate import open_binary, open_text
from orchestration.ingest.json_form import open_json_lines
from orchestration.ingest.landing import LandingFile
from orchestration.ingest.parquet_form import open_parquet
from orchestration.ingest.records import Records
from orchestration.ingest.xlsx_form import open_xlsx

_FORMS = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet", ".xlsx")


def open_records(
    connection: DuckDBPyConnection,
    file: LandingFile,
    contract: Contract,
    file_format: FileFormat,
    scratch: Path,
) -> Records:
    """Open a file and find out which of its columns is which.

    Args:
        connection: the warehouse, whose readers are used.
        file: the file.
        contract: what it must look like.
        file_format: how it is written.
        scratch: an empty folder for what must be rewritten.

    Raises:
        NoRecordsError: the source answered that there was nothing to extract.
        RejectedFileError: the form is not known, or the file does not fit the contract.
    """
    name = file.file_name.lower()
    if name.endswith(".parquet"):
        return open_parquet(connection, open_binary(file, scratch), file_format, contract)
    if name.endswith(".xlsx"):
        return open_xlsx(open_binary(file, scratch), file_format, contract, scratch)
    if not name.endswith(_FORMS):
        raise RejectedFileError(
            f"its form is not supported; the name must end in {', '.join(_FORMS)} or .zip"
        )
    plain = open_text(file, file_format.encoding, scratch)
    if name.endswith((".jsonl", ".jsonl.gz")):
        return open_json_lines(connection, plain, file_format, contract)
    if says_no_records(plain):
        raise NoRecordsError
    return open_csv(plain, file_format, contract, scratch)
