"""How the text of an extract is written: its encoding, marks, dates, lines above the header."""

from __future__ import annotations

import codecs
from typing import Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

ExtractMode = Literal["full", "incremental", "append"]


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
