"""Which column of a file is which column of the contract."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from orchestration.contracts import Contract, ContractField, HeaderAlias, folded_name
from orchestration.ingest.errors import RejectedFileError

_OTHER_DELIMITERS = {";": "';'", "\t": "'\\t'", "|": "'|'", ",": "','"}
_MARKUP = {"<": "HTML or XML", "{": "JSON", "[": "JSON"}


class UnfitHeaderError(RejectedFileError):
    """A header without the columns that the contract requires."""


@dataclass(frozen=True)
class Source:
    """Where the text of a column comes from."""

    place: int | None  # in the file, from 0; None: it is not in the file
    text: str = ""  # of every row where there is no place, else what is put before what is there
    times: int = 1  # factor between the unit in the file and the column's


@dataclass(frozen=True)
class Layout:
    """The columns of one file."""

    header: tuple[str, ...]  # the names as the file has them
    sources: Mapping[str, Source]  # by column of the raw table
    unknown: tuple[tuple[str, int], ...]  # columns of no contract, by their own names
    unnamed: tuple[int, ...]  # columns without a name, which must be empty
    missing: tuple[ContractField, ...]  # optional columns that the file does not have
    notes: tuple[str, ...] = ()  # what is taken in place of missing columns

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.header)

    @property
    def places(self) -> Mapping[str, int]:
        """Place in the file, from 0, of each column of the raw table that the file has."""
        return {
            column: source.place
            for column, source in self.sources.items()
            if source.place is not None and not source.text
        }


def match_header(
    header: Sequence[str], contract: Contract, ignored: Collection[str] = ()
) -> Layout:
    """Match the names in a header with the contract's, however exports write them.

    Args:
        header: the names as the file has them.
        contract: what they may mean.
        ignored: names of columns that are no part of a record.

    Raises:
        UnfitHeaderError: a required column is missing.
        RejectedFileError: two columns have the same name.
    """
    known = _Names(contract)
    skipped = {folded_name(name) for name in ignored}
    sources: dict[str, Source] = {}
    told: dict[str, Source] = {}
    unknown: dict[str, int] = {}
    twins: list[tuple[str, int, int]] = []
    unnamed = []
    for place, written in enumerate(header):
        written_name = written.strip()
        found = known.meaning(written_name)
        if not written_name:
            unnamed.append(place)
        elif found:
            earlier = sources.get(found.field.column)
            if earlier and earlier.place is not None:
                twins.append((written_name, earlier.place, place))
            sources[found.field.column] = Source(place, times=found.times)
            told |= dict(found.told)
        elif folded_name(written_name) not in skipped:
            mark = contract.deletion_mark
            if mark and folded_name(written_name) == folded_name(mark):
                written_name = mark  # read from _extra by this name
            if written_name in unknown:
                twins.append((written_name, unknown[written_name], place))
            unknown[written_name] = place
    sources = told | sources
    notes = _substitute(sources, contract)
    missing = tuple(f for f in contract.fields if f.column not in sources)
    lacking = [f.name for f in missing if f.required or f in contract.header_required]
    if lacking:
        raise UnfitHeaderError(_lacks(lacking, header, known))
    if twins:
        written_name, one, two = twins[0]
        raise RejectedFileError(
            f"the header names '{written_name}' twice (columns {one + 1} and {two + 1}),"
            " so nobody can say which one counts"
        )
    return Layout(
        tuple(header), sources, tuple(sorted(unknown.items())), tuple(unnamed), missing, notes
    )


@dataclass(frozen=True)
class _Meaning:
    """What a name in a header stands for."""

    field: ContractField
    times: int = 1
    told: tuple[tuple[str, Source], ...] = ()  # columns whose value the name tells


class _Names:
    """Every name that a header may use for the columns of a contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._plain = {
            folded_name(name): _Meaning(field)
            for field in contract.fields
            for name in (field.name, field.column)
        }
        self._telling: list[tuple[ContractField, HeaderAlias, ContractField]] = []
        by_name = {field.name: field for field in contract.fields}
        for field in contract.fields:
            for alias in field.aliases:
                if alias.told:
                    self._telling.append((field, alias, by_name[alias.told]))
                else:
                    self._plain[folded_name(alias.name)] = _Meaning(field, alias.times)

    def meaning(self, written: str) -> _Meaning | None:
        plain = self._plain.get(folded_name(written))
        if plain:
            return plain
        for field, alias, other in self._telling:
            value = alias.told_by(written)
            if value and (not other.pattern or re.fullmatch(other.pattern, value)):
                return _Meaning(field, alias.times, ((other.column, Source(None, value)),))
        return None


def _substitute(sources: dict[str, Source], contract: Contract) -> tuple[str, ...]:
    """Give missing columns what the contract says is taken in their place; says so."""
    names = {field.name: field.column for field in contract.fields}
    present = dict(sources)
    notes = []
    for field in contract.fields:
        instead = field.when_missing
        if not instead or field.column in present:
            continue
        if instead.value is not None:
            sources[field.column] = Source(None, instead.value)
            notes.append(f"{field.name} is missing, '{instead.value}' is taken in its place")
        elif instead.column and names[instead.column] in present:
            other = present[names[instead.column]]
            sources[field.column] = Source(other.place, instead.prefix)
            notes.append(f"{field.name} is missing, {instead.column} is taken in its place")
    return tuple(notes)


def _lacks(lacking: Sequence[str], header: Sequence[str], known: _Names) -> str:
    other = next((d for d in _OTHER_DELIMITERS if len(header) == 1 and d in header[0]), None)
    message = f"the header lacks the required column {', '.join(lacking)}; {_told(header, known)}"
    markup = _MARKUP.get("".join(header).strip()[:1])
    if markup:
        return f"{message}: this is {markup}, perhaps an error page, and no CSV"
    if other:
        declared = _OTHER_DELIMITERS[other].replace("'", '"')
        return f"{message}. Another delimiter? Declare it in _profile.yaml: 'delimiter: {declared}'"
    return message


def _told(header: Sequence[str], known: _Names) -> str:
    """What stands in a header, unless it may be a record, which holds personal data perhaps."""
    names = re.split("[;\t|,]", header[0]) if len(header) == 1 else header
    if not any(known.meaning(name.strip()) for name in names):
        return (
            f"none of the {len(names)} names in this line is known, and they are withheld, because"
            " it may be a record: the header is missing, or in another line"
        )
    found = ", ".join(f"'{name}'" for name in header[:8]) + (", ..." if len(header) > 8 else "")
    return f"it reads {found[:300]}"
