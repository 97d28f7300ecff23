"""SQL of what a row may not be, and of the reasons that are given for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orchestration.contracts import SALESFORCE_ID, ContractField, FileFormat
from orchestration.ingest import sql
from orchestration.ingest.records import raw_column
from orchestration.ingest.values import is_naive, matches, number_patterns, text_column

SHOWN_CHARACTERS = 80  # of a wrong value, in a reason
WITHHELD = "[withheld]"  # stands in a reason for a value that tells something about a person
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"


@dataclass(frozen=True)
class Rule:
    """What a row may not be."""

    name: str  # a sentence that holds for every row that keeps the rule
    broken: str  # SQL, true for a row that breaks it
    reason: str  # SQL of the text that says so


def rules_of(
    field: ContractField, raw: str, file_format: FileFormat, *, has_control_characters: bool
) -> Iterator[Rule]:
    """The rules for one column, by the contract.

    Args:
        field: the column of the contract.
        raw: SQL of its text as it stands in the file.
        file_format: how numbers, dates and times are written.
        has_control_characters: whether the file holds any, so that they must be looked for.
    """
    text, value = text_column(field), sql.name(field.column)
    is_unreadable = f"{value} is null and {text} is not null"
    if field.required:
        yield Rule(
            f"{field.column}_is_present",
            f"{text} is null",
            sql.text(f"{field.name} is required, but empty (missing)"),
        )
    if has_control_characters:
        yield Rule(
            f"{field.column}_is_plain_text",
            f"regexp_matches({raw}, {sql.text(_CONTROL)})",
            sql.text(f"{field.name} holds control characters, such as NUL, which no text has"),
        )
    if field.type == "VARCHAR":
        yield from _text_rules(field)
    elif field.type == "BOOLEAN":
        yield Rule(
            f"{field.column}_is_true_or_false",
            is_unreadable,
            _says(field, "is neither true nor false (boolean)"),
        )
    elif field.type == "DATE":
        yield _date_rule(field, file_format, is_unreadable)
    elif field.type == "TIMESTAMP":
        yield from _timestamp_rules(field, file_format, is_unreadable)
    else:
        yield from _number_rules(field, file_format, is_unreadable)
    yield from _bound_rules(field)


def unnamed_rule(place: int) -> Rule:
    """A column without a name in the header must be empty; whose value it is nobody knows."""
    return Rule(
        "every_value_has_a_column",
        f"clean_text({raw_column(place)}) is not null",
        sql.text(
            f"column {place + 1} has no name in the header, but holds a value: values may have"
            " moved to the right, or the header lacks a name"
        ),
    )


def repeated_header_rule(header: Sequence[str]) -> Rule:
    """A row is not the header once more, as when files are put together."""
    named = [(place, name) for place, name in enumerate(header) if name.strip()]
    return Rule(
        "row_is_no_header",
        " and ".join(f"{raw_column(place)} = {sql.text(name)}" for place, name in named),
        sql.text("the line repeats the header: several files may have been put together in one"),
    )


def _text_rules(field: ContractField) -> Iterator[Rule]:
    text, value = text_column(field), sql.name(field.column)
    if field.format == SALESFORCE_ID:
        yield Rule(
            f"{field.column}_is_a_salesforce_id",
            f"{value} is null and {text} is not null",
            _says(field, "is not a Salesforce id: its length must be 15 or 18 letters and digits"),
        )
        yield Rule(
            f"{field.column}_is_a_salesforce_id",
            f"case when {value} <> {text} then length({text}) = 18 end",
            _says(
                field,
                "is not a Salesforce id: its check characters (checksum) do not fit, as when a"
                " tool changes the case of letters",
            ),
        )
    if field.pattern:
        yield Rule(
            f"{field.column}_has_its_form",
            f"not {matches(value, field.pattern)}",
            _says(
                field,
                f"is not written as expected (pattern {field.pattern}). It should be:"
                f" {field.description}",
            ),
        )
    if field.accepted_values:
        yield Rule(
            f"{field.column}_is_accepted",
            f"{value} is not null and not {sql.is_one_of(value, field.accepted_values)}",
            _says(field, f"is not one of {', '.join(field.accepted_values)}"),
        )
    for limit, is_broken, word in (
        (field.max_length, f"length({value}) > {field.max_length}", "more"),
        (field.min_length, f"length({value}) < {field.min_length}", "fewer"),
    ):
        if limit is not None:
            yield Rule(
                f"{field.column}_has_its_length",
                is_broken,
                _says(field, f"has {word} than {limit} characters (length)"),
            )


def _number_rules(
    field: ContractField, file_format: FileFormat, is_unreadable: str
) -> Iterator[Rule]:
    text = text_column(field)
    is_number = " or ".join(matches(text, p) for p in number_patterns(file_format))
    marks = f"'{file_format.decimal_mark}' before decimals and " + (
        f"'{file_format.thousands_mark}' between thousands"
        if file_format.thousands_mark
        else "no thousands mark"
    )
    yield Rule(
        f"{field.column}_is_a_number",
        f"case when {is_unreadable} then not ({is_number}) end",
        _says(
            field,
            f"is not a number: expected digits with {marks} (other marks are declared in"
            " _profile.yaml)",
        ),
    )
    kept = (
        f"at most {field.decimals} decimals; it is never rounded ({field.type})"
        if field.decimals
        else "it must be a whole number"
    )
    yield Rule(
        f"{field.column}_fits_its_digits",
        f"case when {is_unreadable} then {is_number} end",
        _says(field, f"is a number outside the range of digits that are kept: {kept}"),
    )


def _date_rule(field: ContractField, file_format: FileFormat, is_unreadable: str) -> Rule:
    order = {"ymd": "YYYY-MM-DD", "dmy": "DD/MM/YYYY", "mdy": "MM/DD/YYYY"}[file_format.date_order]
    return Rule(
        f"{field.column}_is_a_date",
        is_unreadable,
        _says(
            field,
            f"is not a date: expected a day of the calendar, written {order} without a time"
            " (another order is declared by 'date_order' in _profile.yaml)",
        ),
    )


def _timestamp_rules(
    field: ContractField, file_format: FileFormat, is_unreadable: str
) -> Iterator[Rule]:
    naive = is_naive(text_column(field), file_format)
    yield Rule(
        f"{field.column}_is_a_date_and_time",
        f"case when {is_unreadable} then not {naive} end",
        _says(field, "is not a date and time with an offset, such as 2026-01-31T09:30:00Z"),
    )
    if file_format.timezone:
        problem = (
            f"is no date and time, or one that does not exist or comes twice (is ambiguous) in"
            f" the time zone {file_format.timezone} because clocks are changed"
        )
    else:
        problem = "has no time zone: declare it in _profile.yaml, such as 'timezone: Europe/Paris'"
    yield Rule(
        f"{field.column}_has_a_time_zone",
        f"case when {is_unreadable} then {naive} end",
        _says(field, problem),
    )


def _bound_rules(field: ContractField) -> Iterator[Rule]:
    value = sql.name(field.column)
    for bound, sign, word in (
        (field.minimum, "<", "below the minimum"),
        (field.maximum, ">", "above the maximum"),
    ):
        if bound is not None:
            literal = f"'{bound}'::{field.type}"
            yield Rule(
                f"{field.column}_is_in_range",
                f"{value} {sign} {literal}",
                _says(field, f"is out of range: {word} {_shown(bound)}"),
            )


def _shown(bound: object) -> str:
    return f"{bound:%Y-%m-%d}" if isinstance(bound, dt.date) else str(bound)


def _says(field: ContractField, problem: str) -> str:
    """SQL of a reason: the column, the value as it was read unless it is a person's, the rule."""
    if field.is_personal:
        return sql.text(f"{field.name} {WITHHELD} {problem}")
    start, end = sql.text(f"{field.name} '"), sql.text(f"' {problem}")
    text = text_column(field)
    dots = f"case when length({text}) > {SHOWN_CHARACTERS} then '...' else '' end"
    return f"{start} || left({text}, {SHOWN_CHARACTERS}) || {dots} || {end}"
