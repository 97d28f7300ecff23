"""Small pieces of SQL text: names, literals, paths, and the macros that typing uses."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from duckdb import DuckDBPyConnection

# Blanks that no editor shows: no-break spaces, zero-width characters, byte order marks.
INVISIBLE = "\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
_TRIMMED = " \t\r\n\u00a0\u200b\u200c\u200d\u202f\u2060\u3000\ufeff"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def name(identifier: str) -> str:
    """A quoted identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """A quoted text literal."""
    return "'" + value.replace("'", "''") + "'"


def is_one_of(value: str, texts: Iterable[str]) -> str:
    """A condition, false for NULL.

    Of a long ``in`` DuckDB makes a join, after which the rows of a file come in any order.
    """
    cases = " ".join(f"when {text(one)} then true" for one in texts)
    return f"case {value} {cases} else false end"


def path(file: Path) -> str:
    """A literal that DuckDB's readers take as exactly this file, never as a pattern."""
    escaped = "".join(f"[{char}]" if char in "[*?" else char for char in str(file))
    return text(escaped)


def count(connection: DuckDBPyConnection, rows: str, parameters: object = None) -> int:
    """The number of rows of a table or of a ``(select ...)``, with conditions after it."""
    (number,) = connection.execute(f"select count(*) from {rows}", parameters).fetchone() or (0,)
    return int(number)


def inserted(connection: DuckDBPyConnection, statement: str, parameters: object = None) -> int:
    """Run an insert; returns the number of rows."""
    (number,) = connection.execute(statement, parameters).fetchone() or (0,)
    return int(number)


def define_macros(connection: DuckDBPyConnection) -> None:
    """Define what the typing expressions call, for this connection."""
    groups = [
        " + ".join(
            f"((substr(t, {start + place}, 1) between 'A' and 'Z')::int << {place - 1})"
            for place in range(1, 6)
        )
        for start in (0, 5, 10)
    ]
    # Tried in a case: DuckDB computes both sides of an 'or' for all rows.
    in_groups = " and ".join(f"regexp_full_match(t, '{_group_pattern(g)}')" for g in range(3))
    check = " || ".join(f"substr('{_LETTERS}', 1 + {group}, 1)" for group in groups)
    connection.execute(
        f"""
        create or replace temp macro salesforce_id(t) as substr(t, 1, 15) || {check};
        create or replace temp macro is_salesforce_id(t) as
            case when regexp_full_match(t, '{_usual_id_pattern()}') then true else {in_groups} end;
        create or replace temp macro is_clean(t) as
            strlen(t) = length(t) and t >= '!' and t[-1] >= '!' and not contains(t, chr(13));
        create or replace temp macro clean_text(t) as case when is_clean(t) then t
            else nullif(nfc_normalize(replace(trim(t, {text(_TRIMMED)}), chr(13), '')), '') end;
        create or replace temp macro clean_id(t) as case when is_clean(t) and not contains(t, ' ')
            then t else nullif(regexp_replace(t, '[\\s{INVISIBLE}]', '', 'g'), '') end;
        """
    )


def _capitals_pattern(capitals: int) -> str:
    """Pattern of a group of five characters, of which those are capitals whose bits are set."""
    return "".join("[A-Z]" if capitals >> place & 1 else "[0-9a-z]" for place in range(5))


def _group_pattern(group: int) -> str:
    """Pattern of an id whose check letter fits one group of five: it says which are capitals."""
    fits = "|".join(
        f"{_capitals_pattern(capitals)}[0-9A-Za-z]{{{10 - 4 * group}}}{letter}"
        for capitals, letter in enumerate(_LETTERS)
    )
    return f"[0-9A-Za-z]{{{5 * group}}}({fits})[0-9A-Za-z]{{{2 - group}}}"


def _usual_id_pattern() -> str:
    """Pattern of an id whose check letters all fit, found three times as fast as by its groups.

    It knows capitals where nearly all ids have them, which keeps it small: in the last group, and
    in the first after the two characters that most prefixes of objects begin with.
    """
    return "|".join(
        _capitals_pattern(first) + _capitals_pattern(0) + f"({_last_group_pattern(letter)})"
        for first, letter in enumerate(_LETTERS)
        if first & 0b00011 == 0
    )


def _last_group_pattern(first_letter: str) -> str:
    """Pattern of the end of an id from the last group on, when the second has no capitals."""
    return "|".join(
        _capitals_pattern(capitals) + first_letter + _LETTERS[0] + letter
        for capitals, letter in enumerate(_LETTERS)
    )
