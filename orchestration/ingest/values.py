"""SQL of typed values: what the cleaned text of a column means, NULL where it means nothing."""

from __future__ import annotations

import re

from orchestration.contracts import SALESFORCE_ID, ContractField, FileFormat
from orchestration.ingest import sql

_CLOCK = r"[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
_UTC = r" ?(Z|UTC|[+-]00:?(00)?)"  # warehouses export `2026-03-01 08:00:00 UTC`
_OFFSET = r" ?[+-](0[0-9]|1[0-4]):?([0-5][0-9])?"
_TRUE, _FALSE = ("true", "1", "yes", "t", "y"), ("false", "0", "no", "f", "n")


def text_column(field: ContractField) -> str:
    """The column that holds the cleaned text of a field."""
    return sql.name(f"#{field.column}")


def matches(text: str, pattern: str) -> str:
    """SQL: the whole text matches the pattern."""
    return f"regexp_full_match({text}, {sql.text(pattern)})"


def typed_value(field: ContractField, file_format: FileFormat) -> str:
    """The typed value of the cleaned text; NULL where the text is none."""
    text = text_column(field)
    if field.type == "BOOLEAN":
        return (
            f"case when {sql.is_one_of(f'lower({text})', _TRUE)} then true"
            f" when {sql.is_one_of(f'lower({text})', _FALSE)} then false end"
        )
    if field.type == "DATE":
        return _date_value(text, file_format)
    if field.type == "TIMESTAMP":
        return _timestamp_value(text, file_format)
    if field.type != "VARCHAR":
        return _number_value(field, text, file_format)
    if field.format == SALESFORCE_ID:
        is_id = matches(text, "[0-9A-Za-z]{15}([0-9A-Za-z]{3})?")
        return f"case when {is_id} then salesforce_id({text}) end"
    return text


def number_patterns(file_format: FileFormat) -> tuple[str, str]:
    """Patterns of a number, and of one with an exponent as some tools write large ones."""
    mark = re.escape(file_format.decimal_mark)
    plain = f"[+-]?{_whole_part(file_format)}({mark}[0-9]+)?"
    return plain, f"[+-]?[0-9]({mark}[0-9]+)?[eE][+-]?[0-9]{{1,2}}"


def digits_of(text: str, file_format: FileFormat) -> str:
    """SQL: a number's text without thousands marks and with a decimal point."""
    if file_format.thousands_mark:
        text = f"replace({text}, {sql.text(file_format.thousands_mark)}, '')"
    if file_format.decimal_mark != ".":
        text = f"replace({text}, {sql.text(file_format.decimal_mark)}, '.')"
    return text


def is_naive(text: str, file_format: FileFormat) -> str:
    """SQL: the text is a date and time without an offset."""
    return matches(text, _iso_date(text, file_format, _CLOCK)[0])


def _whole_part(file_format: FileFormat) -> str:
    if file_format.thousands_mark:
        return f"([0-9]+|[0-9]{{1,3}}({re.escape(file_format.thousands_mark)}[0-9]{{3}})+)"
    return "[0-9]+"


def _number_value(field: ContractField, text: str, file_format: FileFormat) -> str:
    mark, decimals = re.escape(file_format.decimal_mark), field.decimals
    fraction = f"({mark}[0-9]{{1,{decimals}}}0*)?" if decimals else f"({mark}0+)?"
    fits = f"[+-]?{_whole_part(file_format)}{fraction}"
    digits = digits_of(text, file_format)
    exact = f"try_cast({digits} as DECIMAL(38, 12))"
    return (
        f"case when {matches(text, fits)} then try_cast({digits} as {field.type})"
        f" when {matches(text, number_patterns(file_format)[1])}"
        f" and {exact} = round({exact}, {decimals}) then try_cast({exact} as {field.type}) end"
    )


def _iso_date(text: str, file_format: FileFormat, rest: str = "") -> tuple[str, str]:
    """Pattern of a date in the declared order, and SQL that puts year, month, day in order."""
    if file_format.date_order == "ymd":
        return "[0-9]{4}-[0-9]{2}-[0-9]{2}" + rest, text
    year_month_day = r"\3-\2-\1" if file_format.date_order == "dmy" else r"\3-\1-\2"
    ordered = (
        f"regexp_replace({text}, '^([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}})',"
        f" '{year_month_day}')"
    )
    pattern = "([0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2})"
    return pattern + rest, ordered


def _date_value(text: str, file_format: FileFormat) -> str:
    pattern, ordered = _iso_date(text, file_format)
    midnight = f"{pattern}[T ]00:00(:00([.]0+)?)?({_UTC})?"
    return (
        f"case when {matches(text, pattern)} then try_cast({ordered} as DATE)"
        f" when {matches(text, midnight)}"
        f" then try_cast(regexp_extract({ordered}, '^[-0-9]+') as DATE) end"
    )


def _timestamp_value(text: str, file_format: FileFormat) -> str:
    utc, ordered = _iso_date(text, file_format, f"{_CLOCK}{_UTC}")
    offset, _ = _iso_date(text, file_format, f"{_CLOCK}{_OFFSET}")
    value = (
        f"case when {matches(text, utc)} then try_cast({ordered} as TIMESTAMP)"
        f" when {matches(text, offset)}"
        f" then timezone('UTC', try_cast({ordered} as TIMESTAMPTZ))"
    )
    if file_format.timezone:
        local, naive = f"try_cast({ordered} as TIMESTAMP)", is_naive(text, file_format)
        zone = sql.text(file_format.timezone)
        instant = f"timezone({zone}, {local})"
        is_certain = " and ".join(
            [f"timezone({zone}, {instant}) = {local}"]
            + [
                f"timezone({zone}, {instant} + interval '{minutes} minutes') <> {local}"
                for minutes in (-60, -30, 30, 60)
            ]
        )
        value += f" when {naive} and {is_certain} then timezone('UTC', {instant})"
    return f"{value} end"
