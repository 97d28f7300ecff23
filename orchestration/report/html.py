"""HTML by the templates beside this module: no script, nothing from a network, every value escaped.

What a template shows is made ready elsewhere, as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from numbers import Number
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Heading:
    """The head of a column.

    Attributes:
        label: Its name for people.
        meaning: What it holds.
        entry: The place of its definition on the page, if it has one.
        look: 'text', 'number' or 'day', for its cells.
    """

    label: str
    meaning: str = ""
    entry: str = ""
    look: str = "text"


@dataclass(frozen=True)
class Table:
    """Rows of written figures below headings; as many empty columns as `blanks` follow."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]
    blanks: tuple[str, ...] = ()


def render(template: str, **values: Any) -> str:
    """A page by one of the templates."""
    return _environment().get_template(template).render(values)


def plain_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table of values that need no currency: numbers with their thousands told apart."""
    found = [tuple(row) for row in rows]
    is_number = [any(_is_number(row[place]) for row in found) for place in range(len(headings))]
    return Table(
        tuple(
            Heading(heading, look="number" if number else "text")
            for heading, number in zip(headings, is_number, strict=True)
        ),
        tuple(tuple(written(value) for value in row) for row in found),
    )


def written(value: object) -> str:
    """A value as text; nothing as no text."""
    if value is None:
        return ""
    return f"{value:,}" if _is_number(value) else str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, Number) and not isinstance(value, bool)


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
