"""Who works there: regions, a manager tree of four levels, and reps who come and go.

Deals belong to a *seat*, a sales territory. A seat is held by one rep after another; when a rep
leaves, the open deals go to the team's manager until the successor has arrived.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from orchestration.sample import ids, names
from orchestration.sample.chance import Chance
from orchestration.sample.clock import REORGANISATION, moment, month_of


@dataclass(frozen=True)
class Region:
    """A sales region; hours are those of the working day in UTC."""

    name: str
    currency: str
    share: float
    opens: int
    typical_amount: float  # US dollars


REGIONS = (
    Region("Vietnam", "VND", 0.35, 1, 14_000.0),
    Region("EMEA", "EUR", 0.3, 7, 20_000.0),
    Region("Americas", "USD", 0.35, 13, 24_000.0),
)
_ADMINISTRATOR_SINCE = dt.date(2018, 1, 8)
# Two of the sample's people change between the extracts.
_LEAVES_BETWEEN_EXTRACTS = dt.date(2026, 6, 19)
_JOINS_BETWEEN_EXTRACTS = dt.date(2026, 6, 15)


@dataclass(eq=False)
class Person:
    """A user of the CRM. ``manager`` holds until the reorganisation, ``next_manager`` after it."""

    number: int
    level: str
    region: str
    name: str
    title: str
    role: str
    hired: dt.date
    manager: Person | None
    skill: float = 1.0
    left: dt.date | None = None
    next_manager: Person | None = None
    id: str = field(init=False)

    def __post_init__(self) -> None:
        self.id = ids.salesforce_id(ids.USER, self.number)
        self.next_manager = self.manager

    @property
    def hired_month(self) -> int:
        """Number of the month of the hire."""
        return month_of(self.hired)

    @property
    def email(self) -> str:
        """Address at work."""
        return names.email(self.name, self.number, "example.com")

    def manager_at(self, when: dt.datetime) -> Person | None:
        """The manager in force at a moment."""
        return self.manager if when < REORGANISATION else self.next_manager


@dataclass(eq=False)
class Seat:
    """A territory: its owners in time, the first of whom holds it from the beginning."""

    number: int
    rank: int  # place among the seats of its region
    region: Region
    manager: Person
    potential: float
    first_month: int
    owners: list[tuple[dt.datetime, Person]]

    def owner(self, when: dt.datetime) -> Person:
        """Who owns the seat's deals at a moment."""
        return self.since(when)[1]

    def since(self, when: dt.datetime) -> tuple[dt.datetime, Person]:
        """The owner at a moment and since when."""
        found = self.owners[0]
        for entry in self.owners[1:]:
            if entry[0] <= when:
                found = entry
        return found


@dataclass(frozen=True)
class Staff:
    """Everybody, and the seats."""

    people: tuple[Person, ...]
    seats: tuple[Seat, ...]
    administrator: Person

    @property
    def reps(self) -> list[Person]:
        """Those who carry a quota, former ones included."""
        return [person for person in self.people if person.level == "rep"]

    def neighbour(self, seat: Seat) -> Seat:
        """Another seat of the same region, the one that takes deals over."""
        same = [other for other in self.seats if other.region is seat.region]
        return same[(same.index(seat) + 1) % len(same)]


class _Office:
    """Hires people: numbers, names and dates of their own stream."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.people: list[Person] = []
        self._names: set[str] = set()

    def hire(
        self, level: str, region: str, title: str, role: str, hired: dt.date, manager: Person | None
    ) -> Person:
        number = len(self.people)
        name = self._unused_name(Chance(self._seed, "person", number), region)
        person = Person(number, level, region, name, title, role, hired, manager)
        self.people.append(person)
        self._names.add(name)
        return person

    def _unused_name(self, chance: Chance, region: str) -> str:
        """A name that no colleague has, unless the company is so big that they run out."""
        name = ""
        for _ in range(20):
            name = names.full_name(*names.person_name(chance, region), region)
            if name not in self._names:
                break
        return name


def staff(seed: int, seats: int, skill_spread: Sequence[float]) -> Staff:
    """Hire a company with so many seats; one more opens between the extracts."""
    office = _Office(seed)
    since = _ADMINISTRATOR_SINCE
    chief = office.hire("chief", "Vietnam", "Chief Revenue Officer", "CRO", since, None)
    administrator = office.hire(
        "administrator", "Americas", "CRM Administrator", "Sales Operations", since, chief
    )
    filled: list[Seat] = []
    for region in REGIONS:
        is_last = region is REGIONS[-1]
        count = seats - len(filled) if is_last else max(4, int(seats * region.share))
        filled.extend(_region(office, seed, region, chief, range(len(filled), len(filled) + count)))
    _change_between_extracts(office, filled)
    for person in office.people:
        if person.level == "rep":
            person.skill = Chance(seed, "skill", person.number).quantile(skill_spread)
    result = Staff(tuple(office.people), tuple(filled), administrator)
    _reorganise(result)
    return result


def _region(
    office: _Office, seed: int, region: Region, chief: Person, numbers: range
) -> Iterator[Seat]:
    """A vice president, managers of about six seats each, and the seats."""
    name = region.name
    vice_president = office.hire(
        "vp", name, f"VP Sales, {name}", f"VP {name}", dt.date(2019, 3, 4), chief
    )
    managers = []
    for team in range(max(2, len(numbers) // 6)):
        title, since = f"Sales Manager, {name} {team + 1}", dt.date(2020, 2 + team % 10, 3)
        role = f"Sales Manager {name}"
        managers.append(office.hire("manager", name, title, role, since, vice_president))
    for rank, number in enumerate(numbers):
        yield _fill(office, seed, number, rank, region, managers[rank % len(managers)])


def _fill(
    office: _Office, seed: int, number: int, rank: int, region: Region, manager: Person
) -> Seat:
    """One seat and the reps who hold it in turn."""
    chance = Chance(seed, "seat", number)
    fate = chance.share()
    opened = dt.date(2018 + chance.whole(0, 4), chance.whole(1, 12), 3)
    if 0.3 <= fate < 0.42:  # a seat opened while the company grew
        opened = dt.date(2023, 10, 2) + dt.timedelta(days=chance.whole(0, 600))
    rep = _rep(office, region, manager, opened)
    owners = [(moment(opened, region.opens), rep)]
    if fate >= 0.42:  # the rep leaves, and after a while there is a successor
        rep.left = dt.date(2024, 1, 12) + dt.timedelta(days=chance.whole(0, 700))
        arrives = rep.left + dt.timedelta(days=chance.whole(14, 75))
        successor = _rep(office, region, manager, arrives)
        owners.append((moment(rep.left, region.opens + 8), manager))
        owners.append((moment(arrives, region.opens + 1), successor))
    first_month = max(0, month_of(opened)) if opened >= dt.date(2023, 1, 1) else 0
    return Seat(number, rank, region, manager, chance.between(0.75, 1.25), first_month, owners)


def _rep(office: _Office, region: Region, manager: Person, hired: dt.date) -> Person:
    title = "Account Executive" if hired.year > 2020 else "Senior Account Executive"
    return office.hire(
        "rep", region.name, title, f"Account Executive {region.name}", hired, manager
    )


def _change_between_extracts(office: _Office, seats: list[Seat]) -> None:
    """One rep of the last region leaves between the extracts, and one joins the first."""
    leaving = seats[-1]
    rep = leaving.owners[-1][1]
    rep.left = _LEAVES_BETWEEN_EXTRACTS
    leaving.owners.append((moment(rep.left, leaving.region.opens + 8), leaving.manager))
    growing = seats[0].region
    hired = _JOINS_BETWEEN_EXTRACTS
    joining = _rep(office, growing, seats[0].manager, hired)
    owners = [(moment(hired, growing.opens), joining)]
    rank = sum(seat.region is growing for seat in seats)
    seats.append(Seat(len(seats), rank, growing, seats[0].manager, 1.0, month_of(hired), owners))


def _reorganise(staff: Staff) -> None:
    """Every third rep of a region's first team goes to its second; one manager changes region."""
    for region in REGIONS:
        managers = [p for p in staff.people if p.level == "manager" and p.region == region.name]
        team = [p for p in staff.reps if p.manager is managers[0] and p.left is None]
        for rep in team[1::3]:
            rep.next_manager = managers[1]
    presidents = {p.region: p for p in staff.people if p.level == "vp"}
    moving = [p for p in staff.people if p.level == "manager" and p.region == "Americas"][-1]
    moving.next_manager = presidents["EMEA"]
