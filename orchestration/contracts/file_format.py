"""How the text of an extract is written: its encoding, marks, dates, lines above the header."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import Any, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

ExtractMode = Literal["full", "incremental", "append"]

BEFORE_THE_HEADER = ("encoding", "nested", "extract_mode", "forms")
"""What no form can declare, because it is settled before the header is known."""


class Form(BaseModel):
    """Another way in which an object is delivered, known by names that only its header has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    header: tuple[str, ...] = Field(min_length=1)
    format: dict[str, Any]  # keys of FileFormat that differ in this form


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
    compact_dates: bool = False  # whether a date may also be written 20260131
    timezone: str | None = None
    null_texts: tuple[str, ...] = ()  # texts that stand for no value
    preamble_lines: int = Field(0, ge=0)
    total_label: str | None = Field(None, min_length=1)  # pattern of a total line's first field
    total_blank: tuple[str, ...] = ()  # properties that are all empty in a total line
    ignored_columns: tuple[str, ...] = ()  # columns of tools, which are no part of a record
    nested: str | None = Field(None, min_length=1)  # key of an object in JSON, its keys are columns
    extract_mode: ExtractMode = "incremental"
    forms: tuple[Form, ...] = ()

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

    @field_validator("total_label")
    @classmethod
    def _is_pattern(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"'{pattern}' is no regular expression: {error}") from error
        return pattern

    @model_validator(mode="after")
    def _marks_differ(self) -> FileFormat:
        if self.thousands_mark == self.decimal_mark:
            raise ValueError("'thousands_mark' and 'decimal_mark' must differ")
        return self

    @model_validator(mode="after")
    def _forms_can_be_told_apart(self) -> FileFormat:
        names = [form.name for form in self.forms]
        if twins := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two forms are named '{min(twins)}'")
        for form in self.forms:
            if fixed := sorted(set(BEFORE_THE_HEADER) & set(form.format)):
                raise ValueError(
                    f"form '{form.name}' declares {fixed}, which is settled before a header is read"
                )
            try:
                self.in_form(form)
            except ValidationError as error:
                raise ValueError(f"form '{form.name}': {explain(error, FileFormat)}") from error
        return self

    def in_form(self, form: Form) -> FileFormat:
        """The format of files in one of the forms."""
        return FileFormat.model_validate(self.model_dump(exclude={"forms"}) | form.format)

    def overruled_by(self, profile: Mapping[str, Any]) -> FileFormat:
        """This format with the keys of a profile laid over it, and over each of its forms.

        Raises:
            ValidationError: a key or value of the profile is wrong.
        """
        forms = [
            form.model_dump()
            | {"format": {k: v for k, v in form.format.items() if k not in profile}}
            for form in self.forms
        ]
        return FileFormat.model_validate(self.model_dump() | {"forms": forms} | dict(profile))


def explain(error: ValidationError, model: type[BaseModel]) -> str:
    """What is wrong with the keys of a mapping, in one line."""
    problems = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            problems.append(f"'{where}' is no key; known are {', '.join(model.model_fields)}")
        elif not where:
            problems.append(str(problem["msg"]).removeprefix("Value error, "))
        else:
            problems.append(f"'{where}': {problem['msg']} (found {problem['input']!r})")
    return "; ".join(problems)
