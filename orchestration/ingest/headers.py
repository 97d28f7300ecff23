"""Which form a table is written in, and which of its lines are totals, by what stands there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from orchestration.contracts import Contract, FileFormat, HeaderAlias, folded_name
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.layout import Layout

HEADER_SEARCH_LINES = 20

Row = tuple[int, Sequence[str]]  # its line, and its fields


def format_found(rows: Callable[[FileFormat], Iterable[Row]], declared: FileFormat) -> FileFormat:
    """The format of the form whose header is found, or the declared one when none is.

    A form's header is the first line that has all its names; what is above it is no record.

    Args:
        rows: gives the first rows of a file, split as a format says.
        declared: how the file is written, and in which forms it may come.

    Raises:
        RejectedFileError: the file fits several forms.
    """
    found: dict[str, FileFormat] = {}
    for form in declared.forms:
        variant = declared.in_form(form)
        for line, fields in rows(variant):
            above = line - 1 - variant.preamble_lines
            if 0 <= above < HEADER_SEARCH_LINES and _has_names(fields, form.header):
                found[form.name] = variant.model_copy(update={"preamble_lines": line - 1})
                break
    formats = list(found.values())
    if any(variant != formats[0] for variant in formats):
        raise RejectedFileError(
            f"fits several forms of its contract: {', '.join(found)}; 'header' of each form must"
            " name columns that no other form has"
        )
    return formats[0] if formats else declared


def _has_names(fields: Sequence[str], names: Iterable[str]) -> bool:
    written = {folded_name(field) for field in fields}
    return all(
        folded_name(name) in written or any(map(HeaderAlias(name).told_by, fields))
        for name in names
    )


def total_test(
    layout: Layout, file_format: FileFormat, contract: Contract
) -> Callable[[Sequence[str]], bool] | None:
    """What says of the fields of a record whether it is a total; None where there are no totals.

    Raises:
        RejectedFileError: a profile names a property that the contract does not have.
    """
    label = file_format.total_label and re.compile(file_format.total_label)
    columns = {field.name: field.column for field in contract.fields}
    if unknown := [name for name in file_format.total_blank if name not in columns]:
        raise RejectedFileError(f"'total_blank' names '{unknown[0]}', which is no property")
    named = (columns[name] for name in file_format.total_blank)
    blank = [layout.places[column] for column in named if column in layout.places]
    if not label and not blank:
        return None

    def is_total(fields: Sequence[str]) -> bool:
        if label and fields and label.fullmatch(fields[0].strip()):
            return True
        return (
            bool(blank)
            and len(fields) > max(blank)
            and not any(fields[place].strip() for place in blank)
            and any(field.strip() for field in fields)
        )

    return is_total


def told_totals(lines: Sequence[int]) -> tuple[str, ...]:
    """What is told of lines that were left out because they are totals."""
    if not lines:
        return ()
    word = "line is a total" if len(lines) == 1 else "lines are totals"
    return (f"{len(lines)} {word} and no record; the first is line {lines[0]}",)
