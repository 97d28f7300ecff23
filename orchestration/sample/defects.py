"""Bad rows planted in good files. Each is a spoilt copy of the good row right above it.

So no figure depends on a bad row: a loader that sets it aside has lost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from orchestration.sample import layout
from orchestration.sample.layout import Kind


@dataclass(frozen=True)
class Defect:
    """A planted bad row: file below landing, physical line where it begins, what is wrong.

    ``outcome`` is 'quarantined', or 'duplicate' for the exact copy of another row.
    """

    file: str
    line: int
    kind: str
    column: str
    outcome: str


@dataclass(frozen=True)
class Spoiling:
    """How a copy of a row is spoilt."""

    kind: str
    column: str
    change: Callable[[str], str] | None = None
    outcome: str = "quarantined"

    def apply(self, header: Sequence[str], cells: Sequence[str]) -> list[str]:
        """The spoilt copy of a row."""
        spoilt = list(cells)
        if self.kind == "too many fields":
            return [*spoilt, "surplus"]
        if self.kind == "too few fields":
            return spoilt[:-2]
        if self.change:
            place = header.index(self.column)
            spoilt[place] = self.change(spoilt[place])
        return spoilt


def _instead(value: str) -> Callable[[str], str]:
    return lambda _: value


def _wrong_checksum(record_id: str) -> str:
    return record_id[:-1] + ("A" if record_id[-1] != "A" else "B")


_DUPLICATE = Spoiling("duplicate row", "", outcome="duplicate")
_TOO_MANY = Spoiling("too many fields", "")
_TOO_FEW = Spoiling("too few fields", "")
_NO_ID = Spoiling("missing id", "Id", _instead(""))
_BAD_ID = Spoiling("wrong id checksum", "Id", _wrong_checksum)
_THOUSANDS = "thousands mark not declared"

# Kind, newest extract or the one before, number of the good row that is copied, how it is spoilt.
_PLANTED: tuple[tuple[Kind, bool, int, Spoiling], ...] = (
    (
        layout.OPPORTUNITY,
        False,
        7,
        Spoiling("impossible date", "CloseDate", _instead("2026-02-30")),
    ),
    (layout.OPPORTUNITY, False, 19, Spoiling(_THOUSANDS, "Amount", _instead("1,234.56"))),
    (layout.OPPORTUNITY, False, 31, _NO_ID),
    (layout.OPPORTUNITY, True, 12, Spoiling("no boolean", "IsWon", _instead("maybe"))),
    (layout.OPPORTUNITY, True, 23, _DUPLICATE),
    (layout.OPPORTUNITY, True, 40, Spoiling("missing stage", "StageName", _instead(""))),
    (layout.OPPORTUNITY_HISTORY, False, 25, _TOO_MANY),
    (layout.OPPORTUNITY_HISTORY, False, 60, _BAD_ID),
    (layout.OPPORTUNITY_HISTORY, True, 9, Spoiling("no number", "Amount", _instead("n/a"))),
    (layout.ACCOUNT, False, 10, _BAD_ID),
    (layout.LEAD, False, 14, _TOO_FEW),
    (layout.LEAD, True, 5, _DUPLICATE),
    (layout.TASK, False, 18, Spoiling("day before month", "ActivityDate", _instead("31/12/2025"))),
    (layout.TASK, True, 6, Spoiling("no number", "CallDurationInSeconds", _instead("two minutes"))),
    (layout.CAMPAIGN_MEMBER, False, 21, Spoiling("no boolean", "HasResponded", _instead("ja?"))),
    (layout.CAMPAIGN_DAILY, False, 30, Spoiling("no number", "cost_micros", _instead("12.3 EUR"))),
)


def broken_copies(kind: Kind, newest: bool) -> dict[int, list[Spoiling]]:
    """For a file of a kind: after which good row (from 1) which spoilt copies follow."""
    found: dict[int, list[Spoiling]] = {}
    for planted_kind, in_newest, row, spoiling in _PLANTED:
        if (planted_kind, in_newest) == (kind, newest):
            found.setdefault(row, []).append(spoiling)
    return found
