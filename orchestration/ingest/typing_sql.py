"""Text -> typed values: one SQL query that types a file's rows and says what is wrong with each.

The query has four layers. ``read`` holds the text as it stands in the file ('#0', '#1'...),
``cleaned`` the text without invisible dirt ('#amount'), ``typed`` the values ('amount'), ``judged``
whether a row keeps every rule. Reasons are put together only for rows that do not.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.contracts import SALESFORCE_ID, Contract, ContractField, FileFormat
from orchestration.ingest import sql
from orchestration.ingest.layout import Layout

SHOWN_CHARACTERS = 80  # of a wrong value, in a reason
_SEPARATOR = "chr(31)"  # between the values that are hashed; no accepted value holds it
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_CLOCK = r"[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
_UTC = r" ?(Z|[+-]00:?(00)?)"
_OFFSET = r" ?[+-](0[0-9]|1[0-4]):?([0-5][0-9])?"
_TRUE, _FALSE = "('true', '1', 'yes', 't', 'y')", "('false', '0', 'no', 'f', 'n')"


@dataclass(frozen=True)
class Rule:
    """What a row may not be."""

    broken: str  # SQL, true for a row that breaks the rule
    reason: str  # SQL of the text that says so


def typed_query(
    read: str,
    layout: Layout,
    contract: Contract,
    file_format: FileFormat,
    *,
    has_control_characters: bool,
) -> str:
    """SQL with one row per record.

    Its columns are the contract's, then ``_extra``, ``_row_hash``, ``_is_normalised``, and for a
    refused row ``_reasons`` (texts) and ``_raw_text``.

    Args:
        read: SQL that reads the text columns '#0', '#1'... in the order of the file.
        layout: which of them is which column of the contract.
        contract: types and rules.
        file_format: how numbers, dates and times are written.
        has_control_characters: whether to look for them; few files hold any.
    """
    present = [field for field in contract.fields if field.column in layout.places]
    cleaned = [
        f"{_clean(field, _raw(layout.places[field.column]))} as {_text(field)}" for field in present
    ]
    typed = [f"{_value(field, file_format)} as {sql.name(field.column)}" for field in present]
    rules = [
        rule
        for field in present
        for rule in _rules(field, layout, file_format, has_control_characters)
    ]
    rules += [_unnamed_rule(place) for place in layout.unnamed]
    columns = [
        sql.name(field.column)
        if field in present
        else f"cast(null as {field.type}) as {sql.name(field.column)}"
        for field in contract.fields
    ]
    extra = _extra(layout)
    reasons = ",\n".join(f"case when {rule.broken} then {rule.reason} end" for rule in rules)
    return f"""
        with read as ({read}),
        cleaned as (select *, {", ".join(cleaned)}, {extra} as _extra from read),
        typed as (select *, {", ".join(typed)} from cleaned),
        judged as (
            select *, {" or ".join(f"coalesce({r.broken}, false)" for r in rules)} as _is_refused
            from typed
        )
        select
            {", ".join(columns)},
            _extra,
            {_row_hash(present)} as _row_hash,
            {_is_normalised(present, layout)} as _is_normalised,
            case when _is_refused
                then list_filter([{reasons}], lambda reason: reason is not null)
            end as _reasons,
            case when _is_refused then {raw_record(layout, file_format.delimiter)} end as _raw_text
        from judged"""


def _raw(place: int) -> str:
    return sql.name(f"#{place}")


def _text(field: ContractField) -> str:
    return sql.name(f"#{field.column}")


def _clean(field: ContractField, raw: str) -> str:
    if field.format == SALESFORCE_ID:
        return f"clean_id({raw})"
    return f"clean_text({raw})"


def _matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {sql.text(pattern)})"


def _value(field: ContractField, file_format: FileFormat) -> str:
    """The typed value of the cleaned text; NULL where the text is none."""
    text = _text(field)
    if field.type == "BOOLEAN":
        return (
            f"case when lower({text}) in {_TRUE} then true"
            f" when lower({text}) in {_FALSE} then false end"
        )
    if field.type == "DATE":
        return _date_value(text, file_format)
    if field.type == "TIMESTAMP":
        return _timestamp_value(text, file_format)
    if field.type != "VARCHAR":
        return _number_value(field, text, file_format)
    if field.format == SALESFORCE_ID:
        is_id = _matches(text, "[0-9A-Za-z]{15}([0-9A-Za-z]{3})?")
        return f"case when {is_id} then salesforce_id({text}) end"
    return text


# ------------------------------------------------------------------------------ numbers


def _whole_part(file_format: FileFormat, digits: str) -> str:
    if file_format.thousands_mark:
        mark = re.escape(file_format.thousands_mark)
        return f"([0-9]{digits}|[0-9]{{1,3}}({mark}[0-9]{{3}})+)"
    return f"[0-9]{digits}"


def _number_patterns(file_format: FileFormat) -> tuple[str, str]:
    """Patterns of a number, and of one with an exponent as some tools write large ones."""
    mark = re.escape(file_format.decimal_mark)
    plain = f"[+-]?{_whole_part(file_format, '+')}({mark}[0-9]+)?"
    return plain, f"[+-]?[0-9]({mark}[0-9]+)?[eE][+-]?[0-9]{{1,2}}"


def _number_value(field: ContractField, text: str, file_format: FileFormat) -> str:
    mark, decimals = re.escape(file_format.decimal_mark), field.decimals
    fraction = f"({mark}[0-9]{{1,{decimals}}}0*)?" if decimals else f"({mark}0+)?"
    fits = f"[+-]?{_whole_part(file_format, '+')}{fraction}"
    digits = text
    if file_format.thousands_mark:
        digits = f"replace({digits}, {sql.text(file_format.thousands_mark)}, '')"
    if file_format.decimal_mark != ".":
        digits = f"replace({digits}, {sql.text(file_format.decimal_mark)}, '.')"
    exact = f"try_cast({digits} as DECIMAL(38, 12))"
    return (
        f"case when {_matches(text, fits)} then try_cast({digits} as {field.type})"
        f" when {_matches(text, _number_patterns(file_format)[1])}"
        f" and {exact} = round({exact}, {decimals}) then try_cast({exact} as {field.type}) end"
    )


def _number_rules(field: ContractField, file_format: FileFormat) -> Iterator[Rule]:
    text, value = _text(field), sql.name(field.column)
    is_number = " or ".join(_matches(text, p) for p in _number_patterns(file_format))
    marks = f"'{file_format.decimal_mark}' before decimals and " + (
        f"'{file_format.thousands_mark}' between thousands"
        if file_format.thousands_mark
        else "no thousands mark"
    )
    yield Rule(
        f"{value} is null and {text} is not null and not ({is_number})",
        _says(field, f"is not a number: expected digits with {marks}"),
    )
    kept = (
        f"at most {field.decimals} decimals; it is never rounded ({field.type})"
        if field.decimals
        else "it must be a whole number"
    )
    yield Rule(
        f"{value} is null and {text} is not null and ({is_number})",
        _says(field, f"is a number that the column cannot keep in its range of digits: {kept}"),
    )


# ------------------------------------------------------------------------------ dates, times


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
        f"case when {_matches(text, pattern)} then try_cast({ordered} as DATE)"
        f" when {_matches(text, midnight)}"
        f" then try_cast(regexp_extract({ordered}, '^[-0-9]+') as DATE) end"
    )


def _timestamp_value(text: str, file_format: FileFormat) -> str:
    utc, ordered = _iso_date(text, file_format, f"{_CLOCK}{_UTC}")
    offset, _ = _iso_date(text, file_format, f"{_CLOCK}{_OFFSET}")
    value = (
        f"case when {_matches(text, utc)} then try_cast({ordered} as TIMESTAMP)"
        f" when {_matches(text, offset)}"
        f" then timezone('UTC', try_cast({ordered} as TIMESTAMPTZ))"
    )
    if file_format.timezone:
        local, naive = f"try_cast({ordered} as TIMESTAMP)", _is_naive(text, file_format)
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


def _is_naive(text: str, file_format: FileFormat) -> str:
    return _matches(text, _iso_date(text, file_format, _CLOCK)[0])


def _date_rules(field: ContractField, file_format: FileFormat) -> Iterator[Rule]:
    text, value = _text(field), sql.name(field.column)
    order = {"ymd": "YYYY-MM-DD", "dmy": "DD/MM/YYYY", "mdy": "MM/DD/YYYY"}[file_format.date_order]
    yield Rule(
        f"{value} is null and {text} is not null",
        _says(
            field,
            f"is not a date of the calendar written {order} without a time of day"
            " (another order is declared by 'date_order' in _profile.yaml)",
        ),
    )


def _timestamp_rules(field: ContractField, file_format: FileFormat) -> Iterator[Rule]:
    text, value = _text(field), sql.name(field.column)
    naive = _is_naive(text, file_format)
    yield Rule(
        f"{value} is null and {text} is not null and not {naive}",
        _says(field, "is not a date and time with an offset, such as 2026-01-31T09:30:00Z"),
    )
    if file_format.timezone:
        problem = (
            f"is no date and time, or one that does not exist or comes twice (is ambiguous) in"
            f" the time zone {file_format.timezone} because clocks are changed"
        )
    else:
        problem = "has no time zone: declare it in _profile.yaml, such as 'timezone: Europe/Paris'"
    yield Rule(f"{value} is null and {text} is not null and {naive}", _says(field, problem))


# ------------------------------------------------------------------------------ rules


def _rules(
    field: ContractField, layout: Layout, file_format: FileFormat, has_control_characters: bool
) -> Iterator[Rule]:
    text, value = _text(field), sql.name(field.column)
    if field.required:
        yield Rule(f"{text} is null", sql.text(f"{field.name} is required, but empty (missing)"))
    if has_control_characters:
        raw = _raw(layout.places[field.column])
        yield Rule(
            f"regexp_matches({raw}, {sql.text(_CONTROL)})",
            sql.text(f"{field.name} holds control characters, such as NUL, which no text has"),
        )
    if field.type == "VARCHAR":
        yield from _text_rules(field)
    elif field.type == "BOOLEAN":
        yield Rule(
            f"{value} is null and {text} is not null",
            _says(field, "is not a boolean: expected true or false"),
        )
    elif field.type == "DATE":
        yield from _date_rules(field, file_format)
    elif field.type == "TIMESTAMP":
        yield from _timestamp_rules(field, file_format)
    else:
        yield from _number_rules(field, file_format)
    yield from _bound_rules(field)


def _text_rules(field: ContractField) -> Iterator[Rule]:
    text, value = _text(field), sql.name(field.column)
    if field.format == SALESFORCE_ID:
        yield Rule(
            f"{value} is null and {text} is not null",
            _says(field, "is not a Salesforce id: its length must be 15 or 18 letters and digits"),
        )
        yield Rule(
            f"length({text}) = 18 and {value} <> {text}",
            _says(
                field,
                "is not a Salesforce id: its check characters (checksum) do not fit, as when a"
                " tool changes the case of letters",
            ),
        )
    if field.pattern:
        yield Rule(
            f"not regexp_matches({value}, {sql.text(field.pattern)})",
            _says(field, f"does not have the form (pattern) {field.pattern}"),
        )
    if field.accepted_values:
        accepted = ", ".join(map(sql.text, field.accepted_values))
        yield Rule(
            f"{value} not in ({accepted})",
            _says(field, f"is not one of {', '.join(field.accepted_values)}"),
        )
    for limit, is_broken, word in (
        (field.max_length, f"length({value}) > {field.max_length}", "more"),
        (field.min_length, f"length({value}) < {field.min_length}", "fewer"),
    ):
        if limit is not None:
            yield Rule(is_broken, _says(field, f"has {word} than {limit} characters (length)"))


def _bound_rules(field: ContractField) -> Iterator[Rule]:
    value = sql.name(field.column)
    for bound, sign, word in (
        (field.minimum, "<", "below the minimum"),
        (field.maximum, ">", "above the maximum"),
    ):
        if bound is not None:
            literal = f"'{bound}'::{field.type}"
            yield Rule(
                f"{value} {sign} {literal}",
                _says(field, f"is out of range: {word} {_shown(bound)}"),
            )


def _shown(bound: object) -> str:
    return f"{bound:%Y-%m-%d}" if isinstance(bound, dt.date) else str(bound)


def _says(field: ContractField, problem: str) -> str:
    """SQL of a reason: the column, the value as it was read, the rule."""
    start, end = sql.text(f"{field.name} '"), sql.text(f"' {problem}")
    text = _text(field)
    dots = f"case when length({text}) > {SHOWN_CHARACTERS} then '...' else '' end"
    return f"{start} || left({text}, {SHOWN_CHARACTERS}) || {dots} || {end}"


def _unnamed_rule(place: int) -> Rule:
    raw = _raw(place)
    return Rule(
        f"clean_text({raw}) is not null",
        f"{sql.text(f'column {place + 1} has no name in the header, but the value ')}"
        f" || left({raw}, {SHOWN_CHARACTERS})",
    )


# ------------------------------------------------------------------------------ whole rows


def _extra(layout: Layout) -> str:
    """The values of unknown columns as JSON without empty ones; NULL when all are empty."""
    if not layout.unknown:
        return "cast(null as JSON)"
    pairs = ", ".join(f"{sql.text(n)}, clean_text({_raw(place)})" for n, place in layout.unknown)
    return f"nullif(json_merge_patch('{{}}', json_object({pairs})), '{{}}')::JSON"


def _row_hash(present: list[ContractField]) -> str:
    """Digest of all values that are not NULL, in the order of their columns' names."""
    parts = [
        f"{sql.text(column + '=')} || {sql.name(column)}::VARCHAR"
        for column in sorted(field.column for field in present)
    ]
    return f"md5(concat_ws({_SEPARATOR}, {', '.join(parts)}, '_extra=' || _extra::VARCHAR))"


def _is_normalised(present: list[ContractField], layout: Layout) -> str:
    changes = []
    for field in present:
        kept = sql.name(field.column) if field.format == SALESFORCE_ID else _text(field)
        changes.append(f"{_raw(layout.places[field.column])} <> {kept}")
    return " or ".join(f"coalesce({change}, false)" for change in changes)


def raw_record(layout: Layout, delimiter: str) -> str:
    """SQL of the record as CSV."""
    special = sql.text(f'[{re.escape(delimiter)}"\\r\\n]')
    values = ", ".join(f"coalesce({_raw(place)}, '')" for place in range(layout.width))
    quoted = "'\"' || replace(value, '\"', '\"\"') || '\"'"
    return (
        f"array_to_string(list_transform([{values}], lambda value: case when"
        f" regexp_matches(value, {special}) then {quoted} else value end), {sql.text(delimiter)})"
    )
