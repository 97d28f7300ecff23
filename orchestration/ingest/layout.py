"""Which column of a file is which column of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestration.contracts import Contract, ContractField, folded_name
from orchestration.ingest.errors import RejectedFileError

_OTHER_DELIMITERS = {";": "';'", "\t": "'\\t'", "|": "'|'", ",": "','"}
_MARKUP = {"<": "HTML or XML", "{": "JSON", "[": "JSON"}


class UnfitHeaderError(RejectedFileError):
    """A header without the columns that the contract requires."""


@dataclass(frozen=True)
class Layout:
    """The columns of one file."""

    header: tuple[str, ...]  # the names as the file has them
    places: Mapping[str, int]  # column of the raw table -> place in the file, from 0
    unknown: tuple[tuple[str, int], ...]  # columns of no contract, by their own names
    unnamed: tuple[int, ...]  # columns without a name, which must be empty
    missing: tuple[ContractField, ...]  # optional columns that the file does not have

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.header)


def match_header(header: Sequence[str], contract: Contract) -> Layout:
    """Match the names in a header with the contract's, however exports write them.

    Raises:
        UnfitHeaderError: a required column is missing.
        RejectedFileError: two columns have the same name.
    """
    fields = {folded_name(n): f for f in contract.fields for n in f.header_names}
    places: dict[str, int] = {}
    unknown: dict[str, int] = {}
    unnamed = []
    for place, written in enumerate(header):
        written_name = written.strip()
        field = fields.get(folded_name(written_name))
        if not written_name:
            unnamed.append(place)
        elif field:
            _once(places, field.column, place, written_name)
        else:
            _once(unknown, written_name, place, written_name)
    missing = tuple(f for f in contract.fields if f.column not in places)
    lacking = [f.name for f in missing if f in contract.header_required]
    if lacking:
        raise UnfitHeaderError(_lacks(lacking, header))
    return Layout(tuple(header), places, tuple(sorted(unknown.items())), tuple(unnamed), missing)


def _once(places: dict[str, int], key: str, place: int, written: str) -> None:
    if key in places:
        raise RejectedFileError(
            f"the header names '{written}' twice (columns {places[key] + 1} and {place + 1}),"
            " so nobody can say which one counts"
        )
    places[key] = place


def _lacks(lacking: Sequence[str], header: Sequence[str]) -> str:
    found = ", ".join(f"'{name}'" for name in header[:8]) + (", ..." if len(header) > 8 else "")
    message = f"the header lacks the required column {', '.join(lacking)}; it reads {found[:300]}"
    markup = _MARKUP.get("".join(header).strip()[:1])
    if markup:
        return f"{message}: this is {markup}, perhaps an error page, and no CSV"
    other = next((d for d in _OTHER_DELIMITERS if len(header) == 1 and d in header[0]), None)
    if other:
        declared = _OTHER_DELIMITERS[other].replace("'", '"')
        return f"{message}. Another delimiter? Declare it in _profile.yaml: 'delimiter: {declared}'"
    return message
