"""SQL of cleaned texts: what was written, without what only the form of a file puts there."""

from __future__ import annotations

import re

from orchestration.contracts import SALESFORCE_ID, ContractField, FileFormat
from orchestration.ingest import sql
from orchestration.ingest.layout import Source
from orchestration.ingest.records import raw_column
from orchestration.ingest.values import digits_of, matches, number_patterns

_SCALABLE = "DECIMAL(28, 10)"  # times a million, it still fits into DuckDB's widest number


def raw_text(source: Source) -> str:
    """The text of a column as it stands in the file, or as the header tells it."""
    if source.place is None:
        return sql.text(source.text)
    raw = raw_column(source.place)
    return f"{sql.text(source.text)} || nullif(trim({raw}), '')" if source.text else raw


def cleaned_text(field: ContractField, source: Source, file_format: FileFormat) -> str:
    """The text of a column as its type is read from it; NULL where nothing was written.

    Args:
        field: the column of the contract.
        source: where its text comes from.
        file_format: how the file is written.
    """
    clean = "clean_id" if field.format == SALESFORCE_ID else "clean_text"
    text = f"{clean}({raw_text(source)})"
    if file_format.null_texts:
        text = f"case when not {sql.is_one_of(text, file_format.null_texts)} then {text} end"
    if field.ignored_characters:
        text = f"nullif(translate({text}, {sql.text(field.ignored_characters)}, ''), '')"
    if field.type == "DATE" and file_format.compact_dates:
        text = rf"regexp_replace({text}, '^([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})$', '\1-\2-\3')"
    if source.times != 1:
        text = _multiplied(text, source.times, file_format)
    if field.is_rounded:
        text = _rounded(text, field, file_format)
    return text


def _multiplied(text: str, times: int, file_format: FileFormat) -> str:
    """The number in the column's unit; what cannot be multiplied becomes no number at all."""
    mark = re.escape(file_format.decimal_mark)
    plain, _ = number_patterns(file_format)
    is_short = f"not regexp_matches({text}, '{mark}[0-9]{{11}}')"
    product = f"try_cast({digits_of(text, file_format)} as {_SCALABLE}) * {times}::DECIMAL(7, 0)"
    unit = sql.text(f" (times {times})")
    return (
        f"case when {matches(text, plain)} and {is_short}"
        f" then {_written(f'({product})::VARCHAR', file_format)} else {text} || {unit} end"
    )


def _rounded(text: str, field: ContractField, file_format: FileFormat) -> str:
    is_number = " or ".join(matches(text, p) for p in number_patterns(file_format))
    value = f"try_cast({digits_of(text, file_format)} as {field.type})::VARCHAR"
    rounded = f"coalesce({_written(value, file_format)}, {text})"
    return f"case when {is_number} then {rounded} else {text} end"


def _written(number: str, file_format: FileFormat) -> str:
    """The text of a number with the decimal mark of the file."""
    if file_format.decimal_mark == ".":
        return number
    return f"replace({number}, '.', {sql.text(file_format.decimal_mark)})"
