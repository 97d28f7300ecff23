"""What an extract must look like: the data contracts, read once and seen alike by every stage.

A contract is one file ``<source>/<object>.odcs.yaml`` in the Open Data Contract Standard v3.
Ingest types and judges rows by it, quality builds its suites from it.
"""

from __future__ import annotations

import codecs
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

import yaml
from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
)
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from orchestration.settings import BUNDLED_CONTRACTS

ExtractMode = Literal["full", "incremental", "append"]
Bound = int | Decimal | dt.date | dt.datetime

SUFFIX = ".odcs.yaml"
SALESFORCE_ID = "salesforce-id"
FIRST_PLAUSIBLE_DATE, LAST_PLAUSIBLE_DATE = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_COLUMN_TYPES = {
    "string": "VARCHAR",
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}


class ContractError(ValueError):
    """A contract that cannot be used; the message names the file, the place and the cure."""


class FileFormat(BaseModel):
    """How the text of an extract is written.

    A contract declares it for its object, a ``_profile.yaml`` for the files beside it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoding: str = "utf-8"
    delimiter: str = Field(",", min_length=1, max_length=1)
    decimal_mark: Literal[".", ","] = "."
    thousands_mark: str | None = Field(None, min_length=1, max_length=1)
    date_order: Literal["ymd", "dmy", "mdy"] = "ymd"
    timezone: str | None = None
    preamble_lines: int = Field(0, ge=0)
    nested: str | None = Field(None, min_length=1)  # key of an object in JSON, its keys are columns
    extract_mode: ExtractMode = "incremental"

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, name: str) -> str:
        try:
            return codecs.lookup(name).name
        except LookupError as error:
            raise ValueError(f"'{name}' is no encoding such as 'utf-8' or 'cp1252'") from error

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str | None) -> str | None:
        if name is not None and name not in available_timezones():
            raise ValueError(f"'{name}' is no IANA time zone such as 'Europe/Paris'")
        return name

    @model_validator(mode="after")
    def _marks_differ(self) -> FileFormat:
        if self.thousands_mark == self.decimal_mark:
            raise ValueError("'thousands_mark' and 'decimal_mark' must differ")
        return self


@dataclass(frozen=True)
class ContractField:
    """One column of an object and the rules that its values keep."""

    name: str  # the vendor's, as in the header of an extract
    column: str  # of the raw table
    type: str  # of the raw table's column, a DuckDB type
    description: str
    required: bool = False  # no row without a value
    key: bool = False
    unique: bool = False
    accepted_values: tuple[str, ...] = ()
    pattern: str | None = None  # a regular expression, anchored by ^ and $
    min_length: int | None = None  # characters
    max_length: int | None = None
    minimum: Bound | None = None  # inclusive, of the column's type
    maximum: Bound | None = None
    classification: str | None = None  # 'pii': personal data
    format: str | None = None  # what kind of text: 'salesforce-id'
    aliases: tuple[str, ...] = ()  # other names that a header may use

    @property
    def is_personal(self) -> bool:
        """Whether values tell something about a person."""
        return self.classification == "pii"

    @property
    def decimals(self) -> int:
        """Digits after the decimal mark that the column keeps; 0 unless it is a DECIMAL."""
        found = re.fullmatch(r"DECIMAL\(\d+,(\d+)\)", self.type)
        return int(found[1]) if found else 0

    @property
    def header_names(self) -> tuple[str, ...]:
        """Every name that a header may use for this column."""
        return (self.name, self.column, *self.aliases)


@dataclass(frozen=True)
class QualityRule:
    """A condition that no row of the raw table may meet, beyond the rules of single columns."""

    name: str
    description: str
    severity: Literal["critical", "warning"]
    condition: str  # SQL over the raw table's columns, true for a row that breaks the rule


@dataclass(frozen=True)
class Contract:
    """One object of one source."""

    source: str
    object: str  # the vendor's API name, the folder in landing
    description: str
    fields: tuple[ContractField, ...]
    watermark: str | None  # the raw table's column that orders the versions of a record
    format: FileFormat
    quality_rules: tuple[QualityRule, ...]
    path: Path

    @property
    def extract_mode(self) -> ExtractMode:
        """How extracts of this object are taken, unless a profile says otherwise."""
        return self.format.extract_mode

    @property
    def schema(self) -> str:
        """Schema of the raw table in the warehouse."""
        return f"raw_{self.source}"

    @property
    def table(self) -> str:
        """Name of the raw table in its schema."""
        return snake_case(self.object)

    @cached_property
    def key_columns(self) -> tuple[str, ...]:
        """Columns that identify a record, in the order of the key."""
        return tuple(field.column for field in self.fields if field.key)

    @cached_property
    def by_column(self) -> Mapping[str, ContractField]:
        """The fields by their column in the raw table."""
        return {field.column: field for field in self.fields}

    @cached_property
    def header_required(self) -> tuple[ContractField, ...]:
        """Fields without which a file is refused: key, required values, and the watermark."""
        return tuple(
            field for field in self.fields if field.required or field.column == self.watermark
        )


def snake_case(name: str) -> str:
    """The raw table's name for a vendor's name: ``Territory2Id`` -> ``territory2_id``."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def folded_name(name: str) -> str:
    """A header's name without what exports change: case, underscores, blanks around it."""
    return name.strip().lower().replace("_", "")


def load_contracts(folder: Path = BUNDLED_CONTRACTS) -> dict[tuple[str, str], Contract]:
    """All contracts below ``folder``, by source and object, in the order of their names.

    Raises:
        ContractError: a file is no contract, or two name the same raw table.
    """
    contracts: dict[tuple[str, str], Contract] = {}
    tables: dict[tuple[str, str], Path] = {}
    for path in sorted(folder.glob(f"*/*{SUFFIX}")):
        contract = load_contract(path)
        other = tables.setdefault((contract.schema, contract.table), path)
        if other != path:
            raise ContractError(
                f"{path}: {other.name} already describes {contract.schema}.{contract.table}"
            )
        contracts[contract.source, contract.object] = contract
    return contracts


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


def explain(error: ValidationError, model: type[BaseModel]) -> str:
    """What is wrong with the keys of a mapping, in one line."""
    problems = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            problems.append(f"'{where}' is no key; known are {', '.join(model.model_fields)}")
        else:
            problems.append(f"'{where}': {problem['msg']} (found {problem['input']!r})")
    return "; ".join(problems)
