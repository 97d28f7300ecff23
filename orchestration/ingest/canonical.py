"""Canonical texts: the one text that stands for a value, recognised without patterns.

Most values are written canonically, and a text that is its value's canonical text is known by a
cast there and back: it needs neither cleaning nor the patterns that tell what any other text
means. What is recognised means what ``typed_value`` says of it, so nothing but time is saved.
"""

from __future__ import annotations

from orchestration.contracts import SALESFORCE_ID, ContractField, FileFormat
from orchestration.ingest import sql
from orchestration.ingest.layout import Source

_TIMESTAMP = "%Y-%m-%dT%H:%M:%S.%gZ"
_DIGITS_OF_TIMESTAMP = "____-__-__T__:__:__.___Z"


def is_recognisable(field: ContractField, source: Source, file_format: FileFormat) -> bool:
    """Whether a canonical text in this file means what it says, whatever is cleaned or declared."""
    is_taken_as_written = (
        source.place is not None
        and not source.text
        and source.times == 1
        and not file_format.null_texts
        and not field.ignored_characters
    )
    if field.type == "VARCHAR":
        return is_taken_as_written and field.format == SALESFORCE_ID
    return is_taken_as_written and file_format.decimal_mark == "."


def guess_column(field: ContractField) -> str:
    """The column that holds the text as read, cast to the field's type: right if canonical."""
    return sql.name(f"#{field.column} guess")


def is_canonical_column(field: ContractField) -> str:
    """The column that says whether the text as read is canonical."""
    return sql.name(f"#{field.column} is canonical")


def guess(field: ContractField, raw: str) -> str:
    """SQL of ``guess_column``."""
    if field.type == "VARCHAR":
        return raw
    if field.type == "TIMESTAMP":
        return f"try_strptime({raw}, '{_TIMESTAMP}')"
    return f"try_cast({raw} as {field.type})"


def is_canonical(field: ContractField, raw: str) -> str:
    """SQL of ``is_canonical_column``: true, or else false or NULL."""
    if field.format == SALESFORCE_ID:
        return f"is_salesforce_id({raw})"
    guessed = guess_column(field)
    if field.type == "TIMESTAMP":  # of which the reader wants neither all digits nor no blanks
        return f"{guessed} is not null and {raw} like '{_DIGITS_OF_TIMESTAMP}' and {raw} >= '0'"
    is_same = f"{guessed}::VARCHAR = {raw}"
    if field.type == "DATE":  # no infinity, and no year of other than four digits
        return f"{is_same} and strlen({raw}) = {len('2026-01-31')}"
    if field.decimals:  # most whole numbers are written without decimals
        whole = f"{guessed}::VARCHAR = {raw} || '.{'0' * field.decimals}'"
        return f"case when {is_same} then true else {whole} end"
    return is_same
