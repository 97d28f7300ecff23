"""E-mail addresses and phone numbers leave the warehouse only as keyed hashes.

Three rules, by the name and type of a column, so that a new column cannot be forgotten:

- a text column named as an e-mail address or phone number holds keyed hashes: equal addresses give
  equal hashes, so they still join and count, and without the key nobody can test a guess;
- a key (``..._key``, ``..._id``) that is itself an address is hashed too, so that joins hold;
- in any other text, e-mail addresses and international phone numbers give way to ``[e-mail]`` and
  ``[phone]``.

Why a record was refused is published too, without the value where the column is a person's or has
no name.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.settings import Settings

SHORTEST_KEY = 16

_CONTACT_NAME = re.compile(r"(^|_)(e_?mails?|(tele)?phones?|mobiles?|fax(es)?)(_|$)")
_CONTACT_NUMBER_NAME = re.compile(r"(^|_)((tele)?phones?|mobiles?|fax(es)?)(_number)?$")
_KEY_NAME = re.compile(r"_(key|id)$")
_TEXT_TYPE = re.compile(r"(VARCHAR|JSON|ENUM\(.*\))(\[\])*")
_TEXT_INSIDE = re.compile(r"VARCHAR|JSON|ENUM|BLOB|VARIANT")
_NUMBER_TYPE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(.*\)|DOUBLE|FLOAT")

# Neither quotes nor brackets belong to an address, so masked JSON is still JSON.
_PART = r"""[^\s@"''<>(),;:\\\[\]]"""
_EMAIL = rf"{_PART}+@{_PART}+\.\pL[\pL\d-]+"
_PHONE = r"\+\d([ ().-]?\d){7,14}"

_MACROS = rf"""
create or replace temp macro contact_hash(value) as
    sha256(
        getvariable('contact_key')
        || sha256(getvariable('contact_key') || lower(trim(value)))
    );
create or replace temp macro phone_hash(value) as
    contact_hash(regexp_replace(value, '[^0-9+]', '', 'g'));
create or replace temp macro without_contacts(value) as
    case
        when contains(value, '@') or contains(value, '+')
            then regexp_replace(
                regexp_replace(value, '{_EMAIL}', '[e-mail]', 'g'), '{_PHONE}', '[phone]', 'g'
            )
        else value
    end;
create or replace temp macro key_without_contacts(value) as
    case when without_contacts(value) = value then value else contact_hash(value) end;
create or replace temp macro reason_without_person(reason) as
    case
        when list_contains(getvariable('personal_fields'), split_part(reason, ' ', 1))
            then regexp_replace(reason, '(?s)''.*''', '[withheld]')
        when regexp_matches(reason, '^column [0-9]+ has no name')
            then regexp_replace(reason, '(?s)the value .*', 'a value')
        else without_contacts(reason)
    end;
"""


class ContactError(ValueError):
    """Contact data that cannot be hidden; the message names the column or key, and the cure."""


def contact_key(settings: Settings) -> str:
    """The secret that contact hashes are keyed with.

    It is ``SALESOPS_CONTACT_KEY``, else a random one that is made once and kept below the home,
    readable by its owner only. Another key gives other hashes everywhere.

    Raises:
        ContactError: the key of the environment or of the file is too short to be a secret.
    """
    if settings.contact_key is not None:
        key, origin = settings.contact_key.get_secret_value().strip(), "SALESOPS_CONTACT_KEY"
    else:
        file = settings.contact_key_file
        if not file.exists():
            _make_key(file)
        key, origin = file.read_text(encoding="ascii").strip(), str(file)
    if len(key) < SHORTEST_KEY:
        raise ContactError(f"{origin}: a key has at least {SHORTEST_KEY} characters")
    return key


def _make_key(file: Path) -> None:
    """Write a random key, complete or not at all; another process's key wins."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def make_macros(
    connection: duckdb.DuckDBPyConnection, key: str, personal_fields: Sequence[str]
) -> None:
    """Define, for this connection alone, the macros that :func:`published_expression` uses.

    Args:
        connection: Where to define them.
        key: What hashes are keyed with.
        personal_fields: Names of the columns of extracts that tell something about a person.
    """
    connection.execute("set variable contact_key = ?", [key])
    connection.execute("set variable personal_fields = ?::varchar[]", [list(personal_fields)])
    connection.execute(_MACROS)


def published_expression(table: str, column: str, data_type: str) -> str:
    """The SQL expression by which a column is published.

    Args:
        table: Name of the table, for messages.
        column: Name of the column.
        data_type: Its DuckDB type, as ``duckdb_columns()`` writes it.

    Raises:
        ContactError: the column may hold contact data that these rules cannot reach.
    """
    name = '"' + column.replace('"', '""') + '"'
    if _TEXT_TYPE.fullmatch(data_type) is None:
        if _TEXT_INSIDE.search(data_type):
            raise ContactError(
                f"{table}.{column}: text inside {data_type} cannot be searched for e-mail"
                " addresses and phone numbers; make it a column of its own, a list, or JSON"
            )
        if _NUMBER_TYPE.fullmatch(data_type) and _CONTACT_NUMBER_NAME.search(column.lower()):
            raise ContactError(
                f"{table}.{column}: a phone number is text, not {data_type}; cast it, so that its"
                " hash can be published"
            )
        return name
    return _over_lists(_macro_for(table, column.lower()), name, data_type)


def _macro_for(table: str, column: str) -> str:
    if (table, column) == ("ops.quarantined_row", "reasons"):
        return "reason_without_person"
    if _CONTACT_NUMBER_NAME.search(column):
        return "phone_hash"
    if _CONTACT_NAME.search(column):
        return "contact_hash"
    return "key_without_contacts" if _KEY_NAME.search(column) else "without_contacts"


def _over_lists(macro: str, value: str, data_type: str, depth: int = 0) -> str:
    if data_type.endswith("[]"):
        item = f"item_{depth}"
        inner = _over_lists(macro, item, data_type[:-2], depth + 1)
        return f"list_transform({value}, lambda {item}: {inner})"
    call = f"{macro}(cast({value} as varchar))"
    keeps_type = data_type == "JSON" and macro == "without_contacts"
    return f"cast({call} as json)" if keeps_type else call
