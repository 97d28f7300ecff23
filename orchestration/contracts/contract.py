"""What a contract says of an object: its columns and their rules, its key, its quality rules."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal

from orchestration.contracts.file_format import ExtractMode, FileFormat

Bound = int | Decimal | dt.date | dt.datetime

SALESFORCE_ID = "salesforce-id"


class ContractError(ValueError):
    """A contract that cannot be used; the message names the file, the place and the cure."""


@dataclass(frozen=True)
class HeaderAlias:
    """Another name that a header may use for a column."""

    name: str  # may hold another property in braces, whose value it tells: 'Quota {currency_code}'
    times: int = 1  # what a number below this name is multiplied by to be in the column's unit

    @property
    def told(self) -> str | None:
        """The property whose value the name tells."""
        found = re.search(r"\{(\w+)\}", self.name)
        return found[1] if found else None

    def told_by(self, written: str) -> str | None:
        """The value that a name in a header tells, if it is this alias."""
        before, _, after = self.name.partition(f"{{{self.told}}}")
        pattern = rf"{re.escape(before)}(.+){re.escape(after)}"
        found = re.fullmatch(pattern, written.strip(), re.IGNORECASE) if self.told else None
        return found[1] if found else None


@dataclass(frozen=True)
class Substitute:
    """Where a column gets its values when a header lacks it."""

    value: str | None = None  # the same in every row
    column: str | None = None  # another column, whose values are taken
    prefix: str = ""  # before each of them, so that nobody takes one for a true value


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
    pattern: str | None = None  # a regular expression that the whole value matches
    min_length: int | None = None  # characters
    max_length: int | None = None
    minimum: Bound | None = None  # inclusive, of the column's type
    maximum: Bound | None = None
    classification: str | None = None  # 'pii': personal data
    format: str | None = None  # what kind of text: 'salesforce-id'
    aliases: tuple[HeaderAlias, ...] = ()
    when_missing: Substitute | None = None
    ignored_characters: str = ""  # what exports write between the characters of a value
    is_rounded: bool = False  # half up to the column's decimals; otherwise more are refused

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
        return (self.name, self.column, *(alias.name for alias in self.aliases))


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
    requires_watermark: bool  # whether a header without it is refused
    amount: str | None  # the raw table's column that says how much money a record is about
    currency: str | None  # the raw table's column that names the amount's currency
    deletion_mark: str | None  # a column of tools, true where the record was deleted in the source
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
            field
            for field in self.fields
            if (field.required and not field.when_missing)
            or (field.column == self.watermark and self.requires_watermark)
        )


def snake_case(name: str) -> str:
    """The raw table's name for a vendor's name: ``Territory2Id`` -> ``territory2_id``."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def folded_name(name: str) -> str:
    """A header's name without what exports change: case, underscores, blanks around it."""
    return name.strip().lower().replace("_", "")
