"""A contract file -> a contract, or a refusal that says what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

import yaml
from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
)
from pydantic import ValidationError

from orchestration.contracts.contract import (
    Bound,
    Contract,
    ContractError,
    ContractField,
    QualityRule,
    folded_name,
    snake_case,
)
from orchestration.contracts.file_format import FileFormat, explain

SUFFIX = ".odcs.yaml"
FIRST_PLAUSIBLE_DATE, LAST_PLAUSIBLE_DATE = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_COLUMN_TYPES = {
    "string": "VARCHAR",
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}


def load_contract(path: Path) -> Contract:
    """The contract in ``path``, whose folder is the source and whose name is the object.

    Raises:
        ContractError: the file is no valid contract.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        document = OpenDataContractStandard.model_validate(content)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ContractError(f"{path}: is no Open Data Contract: {error}") from error
    try:
        return _contract(document, path)
    except (ValueError, re.error) as error:
        raise ContractError(f"{path}: {error}") from error


def _contract(document: OpenDataContractStandard, path: Path) -> Contract:
    name = path.name.removesuffix(SUFFIX)
    schemas = document.schema_ or []
    if len(schemas) != 1 or schemas[0].name != name:
        raise ValueError(f"must describe exactly one object, named '{name}' like the file")
    schema = schemas[0]
    fields = _in_key_order(schema)
    _check_names(fields)
    options = _custom(document.customProperties)
    watermark = options.pop("watermark", None)
    by_name = {field.name: field.column for field in fields}
    if watermark is not None and watermark not in by_name:
        raise ValueError(f"'watermark' names '{watermark}', which is no property")
    if not any(field.key for field in fields):
        raise ValueError("no property has 'primaryKey: true'; name what identifies a record")
    try:
        file_format = FileFormat.model_validate(options)
    except ValidationError as error:
        raise ValueError(f"customProperties: {explain(error, FileFormat)}") from error
    return Contract(
        source=path.parent.name,
        object=name,
        description=_described(name, schema.description),
        fields=fields,
        watermark=by_name[watermark] if watermark else None,
        format=file_format,
        quality_rules=tuple(_rule(rule) for rule in schema.quality or []),
        path=path,
    )


def _in_key_order(schema: SchemaObject) -> tuple[ContractField, ...]:
    """The fields as listed, but those of the key first and in its order."""
    properties = schema.properties or []
    key = [p for p in properties if p.primaryKey]
    key.sort(key=lambda p: p.primaryKeyPosition or 0)
    return tuple(_field(p) for p in [*key, *(p for p in properties if not p.primaryKey)])


def _field(prop: SchemaProperty) -> ContractField:
    name = prop.name or ""
    options = dict(prop.logicalTypeOptions or {})
    column_type = _column_type(prop)
    key = bool(prop.primaryKey)
    minimum, maximum = (_bound(options.pop(k, None), column_type) for k in ("minimum", "maximum"))
    if column_type == "DATE":
        minimum, maximum = minimum or FIRST_PLAUSIBLE_DATE, maximum or LAST_PLAUSIBLE_DATE
    if column_type == "TIMESTAMP":
        minimum = minimum or dt.datetime.combine(FIRST_PLAUSIBLE_DATE, dt.time.min)
        maximum = maximum or dt.datetime.combine(LAST_PLAUSIBLE_DATE, dt.time.max)
    field = ContractField(
        name=name,
        column=prop.physicalName or snake_case(name),
        type=column_type,
        description=_described(name, prop.description),
        required=bool(prop.required) or key,
        key=key,
        unique=bool(prop.unique),
        accepted_values=tuple(str(entry.value) for entry in prop.enum or []),
        pattern=options.pop("pattern", None),
        min_length=options.pop("minLength", None),
        max_length=options.pop("maxLength", None),
        minimum=minimum,
        maximum=maximum,
        classification=prop.classification,
        format=options.pop("format", None),
        aliases=tuple(_custom(prop.customProperties).get("header_aliases", ())),
    )
    if options:
        raise ValueError(f"'{name}': logicalTypeOptions {sorted(options)} are not supported")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", field.column):
        raise ValueError(f"'{name}': '{field.column}' is no column name; declare a physicalName")
    re.compile(field.pattern or "")
    return field


def _column_type(prop: SchemaProperty) -> str:
    if prop.logicalType == "number":
        found = re.fullmatch(r"DECIMAL\((\d+), ?(\d+)\)", (prop.physicalType or "").upper())
        if not found or not int(found[2]) <= int(found[1]) <= 38:
            raise ValueError(
                f"'{prop.name}': a number needs a physicalType such as 'DECIMAL(18,2)'"
            )
        return f"DECIMAL({found[1]},{found[2]})"
    if prop.logicalType not in _COLUMN_TYPES:
        raise ValueError(
            f"'{prop.name}': logicalType must be one of number, {', '.join(_COLUMN_TYPES)}"
        )
    return _COLUMN_TYPES[prop.logicalType]


def _bound(value: Any, column_type: str) -> Bound | None:
    """A declared minimum or maximum as a value of the column's type."""
    if value is None:
        return None
    try:
        if column_type == "DATE":
            return dt.date.fromisoformat(str(value))
        if column_type == "TIMESTAMP":
            return dt.datetime.fromisoformat(str(value)).replace(tzinfo=None)
        return int(value) if column_type == "BIGINT" else Decimal(str(value))
    except (ValueError, InvalidOperation) as error:
        raise ValueError(f"bound '{value}' is no {column_type}") from error


def _rule(rule: DataQuality) -> QualityRule:
    found = re.fullmatch(
        r"select count\(\*\) from \{object\} where (.+)", (rule.query or "").strip(), re.S
    )
    if rule.type != "sql" or not rule.name or not found or rule.mustBe != 0:
        raise ValueError(
            f"quality rule '{rule.name}': must have a name, 'type: sql', a query of the form"
            " 'select count(*) from {object} where <a row breaks the rule>' and 'mustBe: 0'"
        )
    if rule.severity not in ("critical", "warning"):
        raise ValueError(f"quality rule '{rule.name}': severity must be 'critical' or 'warning'")
    severity: Literal["critical", "warning"] = (
        "critical" if rule.severity == "critical" else "warning"
    )
    return QualityRule(
        rule.name, _described(rule.name, rule.description), severity, found[1].strip()
    )


def _custom(properties: Iterable[CustomProperty] | None) -> dict[str, Any]:
    return {entry.property or "": entry.value for entry in properties or ()}


def _described(name: str, text: str | None) -> str:
    if not text or not text.strip():
        raise ValueError(f"'{name}' has no description")
    return text.strip()


def _check_names(fields: Iterable[ContractField]) -> None:
    """No header name may mean two columns."""
    seen: dict[str, str] = {}
    for field in fields:
        for name in {folded_name(name) for name in field.header_names}:
            if seen.setdefault(name, field.name) != field.name:
                raise ValueError(f"'{name}' may mean '{seen[name]}' or '{field.name}'")
