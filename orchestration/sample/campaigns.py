"""Campaigns of the CRM, and the advertising that brings leads a month later."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from orchestration.sample import ids
from orchestration.sample.chance import Chance
from orchestration.sample.clock import MONTHS, month_of, month_start
from orchestration.sample.people import REGIONS, Region

_TYPES = ("Webinar", "Event", "Email", "Content")
_TOPICS = ("Summit", "Product Tour", "Khuyến mãi", "Roadshow", "Café & Code", "Newsletter")
_COST = {"Webinar": 4_000, "Event": 18_000, "Email": 900, "Content": 2_500}


@dataclass(frozen=True)
class Campaign:
    """A campaign of the CRM; ``google_id`` is that of the advertising campaign behind it."""

    number: int
    id: str
    parent_id: str
    name: str
    type: str
    region: Region | None
    start: dt.date
    end: dt.date
    budget: int
    google_id: str = ""


class Campaigns:
    """All campaigns: yearly programmes, those within them, and advertising."""

    def __init__(self, seed: int, count: int, advertising: int) -> None:
        self._seed = seed
        self.all: list[Campaign] = [self._programme(number) for number in range(4)]
        for place in range(count):
            self.all.append(self._campaign(place, count))
        self.advertising = [self._advertising(place) for place in range(advertising)]
        self.all.extend(self.advertising)
        self._running: dict[tuple[str, int], list[Campaign]] = {}
        for campaign in self.all[4:]:
            for month in range(max(0, month_of(campaign.start)), month_of(campaign.end) + 1):
                region = campaign.region.name if campaign.region else ""
                self._running.setdefault((region, month), []).append(campaign)

    def running(self, region: str, day: dt.date) -> list[Campaign]:
        """Campaigns of a region that run on a day."""
        there = self._running.get((region, month_of(day)), [])
        return [campaign for campaign in there if campaign.start <= day <= campaign.end]

    def _id(self, number: int) -> str:
        return ids.salesforce_id(ids.CAMPAIGN, number)

    def _programme(self, number: int) -> Campaign:
        year = 2023 + number
        start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
        name = f"Programme {year}"
        return Campaign(number, self._id(number), "", name, "Other", None, start, end, 12_000_000)

    def _campaign(self, place: int, count: int) -> Campaign:
        chance = Chance(self._seed, "campaign", place)
        number = len(self.all)
        region = REGIONS[place % len(REGIONS)]
        kind = chance.pick(_TYPES)
        start = month_start(place * (MONTHS - 1) // count) + dt.timedelta(days=chance.whole(0, 27))
        end = start + dt.timedelta(days=chance.whole(20, 75))
        name = f"{kind}: {chance.pick(_TOPICS)}, {region.name} {start.year}-{start.month:02d}"
        budget = int(_COST[kind] * chance.between(0.6, 1.5)) * 100
        parent = self._id(start.year - 2023)
        return Campaign(number, self._id(number), parent, name, kind, region, start, end, budget)

    def _advertising(self, place: int) -> Campaign:
        number = len(self.all) + place
        region = REGIONS[place % len(REGIONS)]
        name = f"Search | {region.name} | {'Brand' if place % 2 else 'Generic'} {place + 1}"
        start, end = dt.date(2023, 1, 1), dt.date(2026, 12, 31)
        google_id = str(20_154_000_011 + place * 7_919)
        return Campaign(
            number, self._id(number), "", name, "Advertisement", region, start, end, 24_000_000,
            google_id,
        )  # fmt: skip
