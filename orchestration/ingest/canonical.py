"""Canonical texts: the one text that stands for a value, recognised without patterns.

Most values are written canonically, and a text that is its value's canonical text is known by a
cast there and back: it needs neither cleaning nor the patterns that tell what any other text
means. What is recognised means what ``typed_value`` says of it, so nothing but time is saved.
The canonical texts are also what is hashed.
"""

from __future__ import annotations

from orchestration.contracts import SALESFORCE_ID, ContractField, FileFormat
from orchestration.ingest import sql
from orchestration.ingest.layout import Source

# No infinity, and no year of other than four digits.
_LENGTHS = {"DATE": len("2026-01-31"), "TIMESTAMP": len("2026-01-31T09:30:00.000Z")}


def canonical_text(field: ContractField, value: str) -> str:
    """SQL of the canonical text of a value of the field's type."""
    return f"canonical_timestamp({value})" if field.type == "TIMESTAMP" else f"{value}::VARCHAR"


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
    return raw if field.type == "VARCHAR" else f"try_cast({raw} as {field.type})"


def is_canonical(field: ContractField, raw: str) -> str:
    """SQL of ``is_canonical_column``."""
    if field.format == SALESFORCE_ID:
        return f"coalesce(is_salesforce_id({raw}), false)"
    test = f"{canonical_text(field, guess_column(field))} = {raw}"
    if field.type in _LENGTHS:
        test = f"{test} and strlen({raw}) = {_LENGTHS[field.type]}"
    return f"coalesce({test}, false)"
