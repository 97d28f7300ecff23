"""What published tables and columns hold, in the words of the database and its dictionary."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from orchestration.settings import REPOSITORY

DICTIONARY = REPOSITORY / "docs" / "marts.md"
Meanings = dict[tuple[str, str], str]
"""By table and column; of the table itself under the column ''."""

_TABLE = re.compile(r"^### `\w+[.](\w+)`$")
_COLUMN = re.compile(r"^\| `(\w+)` \| .+? \| (.+) \|$")


def meanings(said: pd.DataFrame) -> Meanings:
    """What the database says, and the dictionary where the database is silent.

    Args:
        said: `table_name`, `column_name`, `comment` of each comment in the database.
    """
    texts = (" ".join(text.split()) for text in said["comment"])
    places = zip(said["table_name"], said["column_name"], strict=True)
    return _in_dictionary() | dict(zip(places, texts, strict=True))


@cache
def _in_dictionary() -> Meanings:
    found: Meanings = {}
    table = ""
    for line in DICTIONARY.read_text(encoding="utf-8").splitlines():
        if heading := _TABLE.match(line):
            table = heading[1]
        elif column := _COLUMN.match(line):
            found[table, column[1]] = column[2].replace("\\|", "|")
        elif line and table:
            found.setdefault((table, ""), line)
    return found
