"""The sales process: stages, their chances and forecast categories, and ways through them."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.sample.chance import Chance


@dataclass(frozen=True)
class Stage:
    """A stage of the CRM; probability in percent, category by the API's name and the label."""

    name: str
    probability: int
    category: str
    next_step: str
    is_closed: bool = False
    is_won: bool = False


STAGES = (
    Stage("Prospecting", 10, "Pipeline", "Gọi lại, hẹn gặp"),
    Stage("Qualification", 20, "Pipeline", "Confirm budget, authority and need"),
    Stage("Needs Analysis", 35, "Pipeline", "Demo for the buying team"),
    Stage("Proposal/Price Quote", 60, "BestCase", 'Send the "final" quote, v2'),
    Stage("Negotiation/Review", 80, "Forecast", "Hợp đồng: chờ ký"),
)
WON = Stage("Closed Won", 100, "Closed", "", is_closed=True, is_won=True)
LOST = Stage("Closed Lost", 0, "Omitted", "", is_closed=True)
ALL_STAGES = (*STAGES, WON, LOST)
PROPOSAL = 3
NEGOTIATION = 4

# Label of each forecast category of the API.
CATEGORY_NAMES = {
    "Pipeline": "Pipeline",
    "BestCase": "Best Case",
    "MostLikely": "Most Likely",
    "Forecast": "Commit",
    "Omitted": "Omitted",
    "Closed": "Closed",
}
# How far lost deals come.
_LAST_STAGE_OF_LOST = (0.22, 0.26, 0.22, 0.18, 0.12)


def way_through(chance: Chance, kind: str, won: bool) -> list[int]:
    """Positions of the open stages a deal passes: mostly in order, some skipped, some back."""
    first = 2 if kind == "Renewal" else int(chance.happens(0.2))
    last = NEGOTIATION if won else max(first, chance.weighted(_LAST_STAGE_OF_LOST))
    way = [first]
    for stage in range(first + 1, last + 1):
        if stage < last and chance.happens(0.12):
            continue
        before = way[-1]
        way.append(stage)
        if chance.happens(0.06):
            way.extend([before, stage])
    return way
