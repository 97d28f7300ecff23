"""One property of a contract file -> one column and its rules."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import duckdb
from open_data_contract_standard.model import CustomProperty, SchemaProperty

from orchestration.contracts.contract import (
    SALESFORCE_ID,
    Bound,
    ContractField,
    HeaderAlias,
    Substitute,
    snake_case,
)

FIRST_PLAUSIBLE_DATE, LAST_PLAUSIBLE_DATE = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
PERSONAL = "pii"
MAX_TIMES = 1_000_000
_COLUMN_TYPES = {
    "string": "VARCHAR",
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}
_OF_TEXTS = ("pattern", "minLength", "maxLength", "format")
_OF_ORDERED = ("minimum", "maximum")
_CUSTOM = ("header_aliases", "when_missing", "ignored_characters", "rounding")
_NOT_HERE = ("quality", "properties", "items", "map")


def column_of(prop: SchemaProperty) -> ContractField:
    """The column that a property describes.

    Raises:
        ValueError: the property is wrong, or declares what would not be enforced.
    """
    name = prop.name or ""
    try:
        return _column_of(prop, name)
    except ValueError as error:
        raise ValueError(f"property '{name}': {error}") from error


def custom(properties: Iterable[CustomProperty] | None, known: Iterable[str]) -> dict[str, Any]:
    """Custom properties by their names.

    Raises:
        ValueError: one is not known, or stands there twice.
    """
    found: dict[str, Any] = {}
    for entry in properties or ():
        name = entry.property or ""
        if name not in known:
            raise ValueError(f"'{name}' is no key of customProperties; known are {_listed(known)}")
        if name in found:
            raise ValueError(f"customProperties name '{name}' twice; keep one")
        found[name] = entry.value
    return found


def described(text: str | None) -> str:
    """The description.

    Raises:
        ValueError: there is none.
    """
    if not text or not text.strip():
        raise ValueError("has no description; say in a sentence what it is")
    return text.strip()


def _column_of(prop: SchemaProperty, name: str) -> ContractField:
    for key in _NOT_HERE:
        if getattr(prop, key):
            raise ValueError(f"'{key}' is not supported within a property; take it away")
    column_type = _column_type(prop)
    options = dict(prop.logicalTypeOptions or {})
    _check_options(options, column_type)
    own = custom(prop.customProperties, _CUSTOM)
    minimum, maximum = _bounds(options, column_type)
    is_key = bool(prop.primaryKey)
    if is_key and prop.required is False:
        raise ValueError("is part of the key, so it cannot be 'required: false'")
    if prop.classification not in (None, PERSONAL):
        raise ValueError(
            f"'classification: {prop.classification}' is not known: write '{PERSONAL}' for what"
            " tells something about a person, or leave it out"
        )
    field = ContractField(
        name=name,
        column=prop.physicalName or snake_case(name),
        type=column_type,
        description=described(prop.description),
        required=bool(prop.required) or is_key,
        key=is_key,
        unique=bool(prop.unique),
        accepted_values=_accepted_values(prop, column_type),
        pattern=options.get("pattern"),
        min_length=options.get("minLength"),
        max_length=options.get("maxLength"),
        minimum=minimum,
        maximum=maximum,
        classification=prop.classification,
        format=options.get("format"),
        aliases=tuple(_alias(entry, column_type) for entry in _list_of(own, "header_aliases")),
        when_missing=_substitute(own.get("when_missing")),
        ignored_characters=_ignored_characters(own, column_type),
        is_rounded=_is_rounded(own, column_type),
    )
    if not re.fullmatch(r"[a-z][a-z0-9_]*", field.column):
        raise ValueError(f"'{field.column}' is no column name; declare a physicalName")
    return field


def _column_type(prop: SchemaProperty) -> str:
    if prop.logicalType == "number":
        found = re.fullmatch(r"DECIMAL\((\d+), ?(\d+)\)", (prop.physicalType or "").upper())
        if not found or not int(found[2]) <= int(found[1]) <= 38 or not int(found[1]):
            raise ValueError("a number needs a physicalType such as 'DECIMAL(18,2)'")
        return f"DECIMAL({found[1]},{found[2]})"
    if prop.logicalType not in _COLUMN_TYPES:
        raise ValueError(f"logicalType must be one of number, {', '.join(_COLUMN_TYPES)}")
    column_type = _COLUMN_TYPES[prop.logicalType]
    if prop.physicalType and prop.physicalType.upper() != column_type:
        raise ValueError(
            f"'physicalType: {prop.physicalType}' would not be kept: a {prop.logicalType} is"
            f" {column_type}; take it away"
        )
    return column_type


def _check_options(options: Mapping[str, Any], column_type: str) -> None:
    """Refuse what is not known, and what would be accepted but never enforced."""
    if unknown := sorted(set(options) - {*_OF_TEXTS, *_OF_ORDERED}):
        raise ValueError(
            f"logicalTypeOptions {unknown} are not supported; known are"
            f" {_listed((*_OF_TEXTS, *_OF_ORDERED))}"
        )
    is_text = column_type == "VARCHAR"
    if not is_text and (idle := [key for key in _OF_TEXTS if key in options]):
        hint = "; bound it by 'minimum' and 'maximum'" if column_type != "BOOLEAN" else ""
        raise ValueError(f"{idle} hold for text only, and this is {column_type}{hint}")
    if column_type in ("VARCHAR", "BOOLEAN") and (idle := [k for k in _OF_ORDERED if k in options]):
        raise ValueError(
            f"{idle} hold for numbers, dates and times only, and this is {column_type}"
            + ("; bound it by 'minLength' and 'maxLength'" if is_text else "")
        )
    if options.get("format", SALESFORCE_ID) != SALESFORCE_ID:
        raise ValueError(f"'format: {options['format']}' is not known; known is '{SALESFORCE_ID}'")
    for key in ("minLength", "maxLength"):
        length = options.get(key)
        if key in options and (type(length) is not int or length < 0):
            raise ValueError(f"'{key}: {length}' must be a number of characters")
    if options.get("minLength", 0) > options.get("maxLength", float("inf")):
        raise ValueError("'minLength' is above 'maxLength'")
    if "pattern" in options and (problem := _problem_of(str(options["pattern"]))):
        raise ValueError(f"'pattern: {options['pattern']}' is no regular expression: {problem}")


@cache
def _problem_of(pattern: str) -> str | None:
    """What DuckDB, whose expressions know no look-around, has against a pattern."""
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        try:
            connection.execute("select regexp_full_match('', ?)", [pattern])
        except duckdb.Error as error:
            return str(error).splitlines()[0].partition(": ")[2]
    return None


def _accepted_values(prop: SchemaProperty, column_type: str) -> tuple[str, ...]:
    values: list[str] = []
    for entry in prop.enum or []:
        value = entry.value
        if column_type != "VARCHAR":
            raise ValueError(f"'enum' holds for text only, and this is {column_type}")
        if not isinstance(value, str):
            raise ValueError(
                f"accepted value {value!r} is no text: YAML reads words such as Yes, No, On, Off"
                " and numbers in its own way, so put it in quotes"
            )
        if value in values:
            raise ValueError(f"accepted value '{value}' stands there twice; keep one")
        values.append(value)
    return tuple(values)


def _bounds(options: Mapping[str, Any], column_type: str) -> tuple[Bound | None, Bound | None]:
    minimum, maximum = (_bound(options.get(key), column_type) for key in _OF_ORDERED)
    if column_type == "DATE":
        minimum, maximum = minimum or FIRST_PLAUSIBLE_DATE, maximum or LAST_PLAUSIBLE_DATE
    if column_type == "TIMESTAMP":
        minimum = minimum or dt.datetime.combine(FIRST_PLAUSIBLE_DATE, dt.time.min)
        maximum = maximum or dt.datetime.combine(LAST_PLAUSIBLE_DATE, dt.time.max)
    if minimum is not None and maximum is not None and minimum > maximum:  # type: ignore[operator]
        raise ValueError(f"minimum {minimum} is above maximum {maximum}")
    return minimum, maximum


def _bound(value: Any, column_type: str) -> Bound | None:
    """A declared minimum or maximum as a value of the column's type."""
    if value is None:
        return None
    try:
        if column_type == "DATE":
            return dt.date.fromisoformat(str(value))
        if column_type == "TIMESTAMP":
            return dt.datetime.fromisoformat(str(value)).replace(tzinfo=None)
        number = Decimal(str(value))
        if not number.is_finite() or (column_type == "BIGINT" and number != int(number)):
            raise ValueError
        return int(number) if column_type == "BIGINT" else number
    except (ValueError, InvalidOperation) as error:
        raise ValueError(f"bound '{value}' is no {column_type}") from error


def _alias(entry: Any, column_type: str) -> HeaderAlias:
    """An alias: a name, or a name with the factor between its unit and the column's."""
    if isinstance(entry, str) and entry.strip():
        return HeaderAlias(entry)
    if not isinstance(entry, dict) or set(entry) != {"name", "times"}:
        raise ValueError(
            f"header alias {entry!r} must be a text in quotes, or 'name' and 'times' of a number"
            " in another unit"
        )
    if not column_type.startswith(("BIGINT", "DECIMAL")):
        raise ValueError(f"alias '{entry['name']}': 'times' holds for numbers only")
    if type(entry["times"]) is not int or not 1 <= entry["times"] <= MAX_TIMES:
        raise ValueError(f"alias '{entry['name']}': 'times' is a whole number up to {MAX_TIMES}")
    return HeaderAlias(str(entry["name"]), entry["times"])


def _substitute(declared: Any) -> Substitute | None:
    if declared is None:
        return None
    if isinstance(declared, dict) and set(declared) == {"value"}:
        return Substitute(value=str(declared["value"]))
    if isinstance(declared, dict) and set(declared) == {"property", "prefix"}:
        return Substitute(column=str(declared["property"]), prefix=str(declared["prefix"]))
    raise ValueError(
        "'when_missing' must have a 'value', or a 'property' whose values are taken and the"
        " 'prefix' that marks them"
    )


def _ignored_characters(own: Mapping[str, Any], column_type: str) -> str:
    characters = own.get("ignored_characters", "")
    if not isinstance(characters, str):
        raise ValueError("'ignored_characters' is a text in quotes, such as '-'")
    if characters and column_type != "VARCHAR":
        raise ValueError(f"'ignored_characters' hold for text only, and this is {column_type}")
    return characters


def _is_rounded(own: Mapping[str, Any], column_type: str) -> bool:
    if "rounding" not in own:
        return False
    if own["rounding"] != "half_up" or not column_type.startswith("DECIMAL"):
        raise ValueError("'rounding' is 'half_up', and holds for a number with decimals only")
    return True


def _list_of(own: Mapping[str, Any], key: str) -> list[Any]:
    value = own.get(key, [])
    if not isinstance(value, list):
        raise ValueError(f"'{key}' is a list, with '- ' before each entry")
    return value


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
