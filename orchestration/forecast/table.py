"""What a table of the forecast is: its columns, what they mean, and what one row is known by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column: its type, with 'not null' where it always holds something, and its meaning."""

    type: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """A table of schema ``marts``."""

    meaning: str
    columns: dict[str, Column]
    key: tuple[str, ...]
    """What one row is known by, and the order of rows."""


RUN_ID = Column("varchar not null", "The run, a key of fct_forecast_run.")
AS_OF = Column("date not null", "The run used what was known at the end of this day.")
