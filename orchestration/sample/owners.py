"""Owner changes of a deal: reps who leave and arrive, handovers, the reorganisation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from orchestration.sample.chance import Chance
from orchestration.sample.clock import REORGANISATION
from orchestration.sample.company import Company
from orchestration.sample.people import Person, Seat


@dataclass(frozen=True)
class OwnerChange:
    """A deal goes from one owner to another."""

    at: dt.datetime
    old: Person
    new: Person


def owner_changes(
    company: Company, seat: Seat, begins: dt.datetime, closed: dt.datetime, chance: Chance
) -> list[OwnerChange]:
    """The owner changes of a deal while it is open, oldest first."""
    moves = [(at + dt.timedelta(minutes=chance.whole(0, 40)), person) for at, person in seat.owners]
    handed_over = chance.happens(company.truth.handover_share)
    when = begins + dt.timedelta(days=chance.whole(5, 60), minutes=chance.whole(0, 50))
    neighbour = company.staff.neighbour(seat)
    reorganised = _gives_up_deals(seat) and chance.happens(0.5)
    if handed_over:
        moves = [move for move in moves if move[0] < when]
        moves.append((when, neighbour.owner(when)))
    if reorganised:
        at = REORGANISATION + dt.timedelta(minutes=chance.whole(1, 90))
        moves = [move for move in moves if move[0] < at]
        moves.append((at, neighbour.owner(at)))
    owner = seat.owner(begins)
    changes = []
    for at, person in sorted(moves, key=lambda move: move[0]):
        if begins < at < closed and person is not owner:
            changes.append(OwnerChange(at, owner, person))
            owner = person
    return changes


def _gives_up_deals(seat: Seat) -> bool:
    """Reps who changed manager in the reorganisation gave up half of their open deals."""
    rep = seat.owner(REORGANISATION)
    return rep.manager is not rep.next_manager and rep.level == "rep"
