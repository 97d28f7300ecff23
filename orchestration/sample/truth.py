"""What was planted: the parameters that the sample company's figures are drawn from.

An analysis or a forecast of the sample can be held against these, because they are the truth.
Win chances are multiplied: ``win_chance[kind]`` by the rep's skill, by ``campaign_win_uplift``
when a campaign touched the deal beforehand, and by ``drift_factor`` where the drift applies.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

KINDS = ("New Business", "Expansion", "Renewal")
# Highest chance of winning that any deal has.
BEST_CHANCE = 0.9


@dataclass(frozen=True)
class Truth:
    """Planted parameters; tables of quantiles are equally spaced from 0 to 1."""

    # Kinds of every ten deals of a seat in turn, as positions in KINDS.
    kind_round: tuple[int, ...] = (0, 1, 0, 2, 0, 1, 0, 2, 0, 1)
    # What follows is by kind of deal, in the order of KINDS.
    win_chance: tuple[float, ...] = (0.18, 0.31, 0.56)
    amount_factor: tuple[float, ...] = (1.0, 0.6, 0.85)
    # Days from creation to winning.
    cycle_days: tuple[tuple[float, ...], ...] = (
        (12, 30, 45, 60, 75, 95, 120, 155, 230),
        (8, 20, 30, 40, 50, 62, 80, 105, 150),
        (10, 25, 35, 45, 55, 65, 80, 95, 120),
    )
    # Multiplies the region's typical amount.
    amount_spread: tuple[float, ...] = (0.3, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.1, 3.8)
    # Multiplies a rep's chance of winning; half of the reps are below 1.
    skill_spread: tuple[float, ...] = (0.6, 0.8, 0.92, 1.0, 1.08, 1.2, 1.4)
    # Share of a full workload in the 1st, 2nd, ... month after the hire.
    ramp: tuple[float, ...] = (0.25, 0.4, 0.6, 0.75, 0.9)
    # New deals by calendar month, January first. Bookings follow about two months later.
    season: tuple[float, ...] = (
        1.0, 0.75, 1.05, 1.0, 1.0, 0.9, 0.85, 0.8, 1.25, 1.4, 1.2, 0.8,
    )  # fmt: skip
    monthly_growth: float = 1.012
    # Share of wins due in the 1st, 2nd, 3rd month of a quarter that close in its last days.
    quarter_end_pull: tuple[float, float, float] = (0.12, 0.24, 0.6)

    campaign_touch_share: float = 0.42
    campaign_win_uplift: float = 1.35
    campaign_amount_uplift: float = 1.15
    # Leads of a month follow the advertising of the month before: 1 would be in proportion.
    spend_to_lead_elasticity: float = 0.6
    # Months in which advertising was doubled for a trial.
    spend_pulse: tuple[int, ...] = (25, 26)

    # From this day on, new deals of one region are won less often: a competitor arrived.
    drift_region: str = "EMEA"
    drift_from: dt.date = dt.date(2025, 9, 1)
    drift_factor: float = 0.6

    stalled_share: float = 0.1
    reopened_share: float = 0.015
    no_amount_share: float = 0.04
    handover_share: float = 0.03
    override_share: float = 0.15
    deleted_share: float = 0.008
    untracked_share: float = 0.03

    # User id -> skill, filled in when the company is made.
    skill: dict[str, float] = field(default_factory=dict)

    def kind_of(self, place: int) -> int:
        """Position in KINDS of the ``place``-th deal (from 0) of a seat."""
        return self.kind_round[place % len(self.kind_round)]

    def kind_share(self, kind: int) -> float:
        """Share (0-1) of the deals that are of a kind."""
        return self.kind_round.count(kind) / len(self.kind_round)

    def drift(self, region: str, created: dt.date) -> float:
        """Factor on the chance of winning a deal created in a region on a day."""
        drifted = region == self.drift_region and created >= self.drift_from
        return self.drift_factor if drifted else 1.0
