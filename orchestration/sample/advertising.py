"""Google Ads: one row per campaign and day, in the form of its API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.sample.campaigns import Campaign
from orchestration.sample.chance import Chance
from orchestration.sample.clock import EXTRACT_DATES, GO_LIVE, month_of
from orchestration.sample.company import Company
from orchestration.sample.leads import spend_factor

CUSTOMER_ID = "4155550100"
# Google goes on crediting conversions to a day for about a week.
RESTATED_DAYS = 7


@dataclass(frozen=True)
class AdDay:
    """Figures of a campaign for a day; cost in millionths, conversions in tenths."""

    day: dt.date
    campaign: Campaign
    cost_micros: int
    clicks: int
    impressions: int
    conversions: int


def ad_days(company: Company, campaign: Campaign) -> Iterator[AdDay]:
    """The days of a campaign up to the newest extract."""
    chance = Chance(company.seed, "advertising", campaign.number)
    day = GO_LIVE
    while day <= EXTRACT_DATES[-1]:
        weekend = 0.55 if day.weekday() >= 5 else 1.0
        level = spend_factor(company, month_of(day)) * weekend * chance.between(0.8, 1.2)
        clicks = int(90 * level) + chance.whole(0, 9)
        cost = clicks * chance.whole(700_000, 1_300_000)
        yield AdDay(day, campaign, cost, clicks, clicks * chance.whole(18, 30), clicks // 3)
        day += dt.timedelta(days=1)


def conversions_known(ad_day: AdDay, known_on: dt.date) -> int:
    """Conversions credited so far, in tenths: the newest days are still incomplete."""
    age = (known_on - ad_day.day).days
    return ad_day.conversions * min(RESTATED_DAYS + 3, age + 3) // (RESTATED_DAYS + 3)
