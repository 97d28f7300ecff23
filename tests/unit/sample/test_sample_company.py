"""The company is one that people know, and what was planted can be found."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import correlation, mean, median

import pytest
from sample_files import FIRST, SECOND, Sample

from orchestration.sample.clock import GO_LIVE, month_of
from orchestration.sample.company import Company
from orchestration.sample.deals import Deal
from orchestration.sample.expectation import Expectation
from orchestration.sample.money import rate_at
from orchestration.sample.write import deals

FIRST_MONTH, LAST_MONTH = month_of(GO_LIVE), month_of(dt.date(2026, 6, 1))


@dataclass(frozen=True)
class Crowd:
    """A company big enough for the planted truth to show through the luck."""

    company: Company
    deals: list[Deal]


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    company = Company(0.15, 3)
    return Crowd(company, [deal for deal in deals(company) if not deal.deleted])


def _won(deal: Deal) -> bool:
    return deal.changes[-1].stage.is_won


def _win_rate(chosen: list[Deal]) -> float:
    closed = [deal for deal in chosen if deal.changes[-1].stage.is_closed]
    return sum(map(_won, closed)) / len(closed)


def _dollars(deal: Deal) -> float:
    last = deal.changes[-1]
    return (last.amount or 0) / 100 / (rate_at(deal.currency, last.close_date) / 10_000)


def _bookings(chosen: list[Deal]) -> dict[int, float]:
    found: dict[int, float] = defaultdict(float)
    for deal in chosen:
        if _won(deal):
            found[month_of(deal.changes[-1].close_date)] += _dollars(deal)
    return found


def test_about_forty_people_sell_in_a_tree_of_four_levels(sample: Sample) -> None:
    users = {row["Id"]: row for row in sample.rows("User", SECOND)}

    def level(user_id: str) -> int:
        manager = users[user_id]["ManagerId"]
        return 1 + (level(manager) if manager else 0)

    assert 40 <= len(users) <= 50
    assert max(map(level, users)) == 4
    assert len({row["Name"] for row in users.values()}) == len(users)
    assert {row["Division"] for row in users.values()} == {"Vietnam", "EMEA", "Americas"}


def test_the_reorganisation_lies_between_the_extracts(sample: Sample) -> None:
    before = {row["Id"]: row for row in sample.rows("User", FIRST)}
    moved = [
        row
        for row in sample.rows("User", SECOND)
        if row["Id"] in before and row["ManagerId"] != before[row["Id"]]["ManagerId"]
    ]
    assert len(moved) >= 4
    assert {row["SystemModstamp"][:10] for row in moved} == {"2026-06-08"}
    assert {row["Title"].split(",")[0] for row in moved} > {"Sales Manager"}


def test_reps_come_and_go(sample: Sample) -> None:
    users = sample.rows("User", SECOND)
    assert sum(row["IsActive"] == "false" for row in users) >= 8
    assert sum(row["CreatedDate"] > "2023-07" for row in users) >= 8
    assert sum(row["CreatedDate"] > "2026-06" for row in users) == 1


def test_the_figures_are_those_of_a_company_that_people_know(sample: Sample) -> None:
    company = sample.summary.company
    all_deals = [deal for deal in deals(company) if not deal.deleted]
    assert 1_500 <= len(all_deals) <= 2_500
    assert 0.2 <= _win_rate(all_deals) <= 0.35
    cycles = [(deal.changes[-1].at - deal.created).days for deal in all_deals if _won(deal)]
    assert 40 <= median(cycles) <= 90
    months = _bookings(all_deals)
    assert all(months[month] > 0 for month in range(FIRST_MONTH, LAST_MONTH + 1))
    years = [sum(months[start + month] for month in range(12)) for start in (6, 18, 30)]
    assert years[0] < years[1] < years[2]


def test_the_open_pipeline_is_two_to_four_times_the_coming_quarters_quota(sample: Sample) -> None:
    company = sample.summary.company
    now = dt.date(2026, 6, 30)
    pipeline = sum(
        (deal.changes[-1].amount or 0) / rate_at(deal.currency, now) * 100
        for deal in deals(company)
        if not deal.deleted and not deal.changes[-1].stage.is_closed
    )
    quota = sum(
        float(row["QuotaAmount"]) / rate_at(row["CurrencyIsoCode"], now) * 10_000
        for row in sample.rows("ForecastingQuota", SECOND)
        if "2026-07" <= row["StartDate"][:7] <= "2026-09"
    )
    assert 2 < pipeline / quota < 4


def test_bookings_follow_the_season_that_was_planted(sample: Sample) -> None:
    company = sample.summary.company
    expectation = Expectation(company)
    months = range(FIRST_MONTH, LAST_MONTH + 1)
    booked = _bookings([deal for deal in deals(company) if not deal.deleted])
    expected = [expectation.company_bookings(month) for month in months]
    assert correlation([booked[month] for month in months], expected) > 0.7


def test_the_expectation_is_what_a_big_company_books(crowd: Crowd) -> None:
    expectation = Expectation(crowd.company)
    booked = _bookings(crowd.deals)
    months = range(FIRST_MONTH, LAST_MONTH + 1)
    expected = {month: expectation.company_bookings(month) for month in months}
    assert sum(booked.values()) == pytest.approx(sum(expected.values()), rel=0.05)
    errors = [abs(booked[month] / expected[month] - 1) for month in months]
    assert mean(errors) < 0.12


def test_the_expectation_goes_on_after_the_newest_extract(crowd: Crowd) -> None:
    expectation = Expectation(crowd.company)
    now, next_year = (expectation.company_bookings(month) for month in (40, 52))
    assert next_year > now > 0


def test_deals_with_a_response_to_a_campaign_are_won_more_often(crowd: Crowd) -> None:
    touched = [d for d in crowd.deals if any(touch.responded for touch in d.touches)]
    others = [d for d in crowd.deals if not any(touch.responded for touch in d.touches)]
    uplift = _win_rate(touched) / _win_rate(others)
    assert uplift == pytest.approx(crowd.company.truth.campaign_win_uplift, rel=0.1)
    for deal in touched:
        assert all(touch.day < deal.created.date() for touch in deal.touches)


def test_the_drift_lowers_the_win_rate_of_one_region_from_its_day_on(crowd: Crowd) -> None:
    truth = crowd.company.truth

    def rate(in_region: bool, drifted: bool) -> float:
        return _win_rate(
            [
                deal
                for deal in crowd.deals
                if (deal.seat.region.name == truth.drift_region) == in_region
                and (deal.created.date() >= truth.drift_from) == drifted
            ]
        )

    kept = rate(in_region=False, drifted=True) / rate(in_region=False, drifted=False)
    lowered = rate(in_region=True, drifted=True) / rate(in_region=True, drifted=False)
    assert lowered / kept == pytest.approx(truth.drift_factor, abs=0.12)


def test_skilled_reps_win_more(crowd: Crowd) -> None:
    by_rep = defaultdict(list)
    for deal in crowd.deals:
        by_rep[deal.first_owner.id].append(deal)
    seasoned = {
        rep: chosen
        for rep, chosen in by_rep.items()
        if len(chosen) > 60 and rep in crowd.company.truth.skill
    }
    skills = [crowd.company.truth.skill[rep] for rep in seasoned]
    assert correlation(skills, [_win_rate(chosen) for chosen in seasoned.values()]) > 0.6


def test_advertising_precedes_the_leads_it_brings(sample: Sample) -> None:
    spend: Counter[str] = Counter()
    for row in sample.rows("campaign_daily", FIRST, "google_ads"):
        spend[row["date"][:7]] += int(row["cost_micros"])
    leads = Counter(row["CreatedDate"][:7] for row in sample.rows("Lead", FIRST))
    usual_spend, usual_leads = median(spend.values()), median(leads.values())
    assert min(spend["2025-02"], spend["2025-03"]) > 1.5 * usual_spend
    assert mean((leads["2025-03"], leads["2025-04"])) > 1.2 * usual_leads


def test_names_have_accents_and_stand_in_composed_form(sample: Sample) -> None:
    names = [row["Name"] for row in sample.both("User") + sample.both("Account")]
    assert all(unicodedata.is_normalized("NFC", name) for name in names)
    assert {"NA", "=Sum Analytics", "Acme, Inc."} < set(names)
    assert any("\n" in name and '"' in name and "," in name for name in names)
    assert "NA" in {row["LastName"] for row in sample.rows("Lead", FIRST)}
    assert any("đ" in name.lower() for name in names)


def test_e_mail_addresses_are_plain_and_reserved_for_examples(sample: Sample) -> None:
    for row in sample.both("User") + sample.both("Lead"):
        assert row["Email"].isascii()
        assert row["Email"].endswith(("@example.com", "@example.org"))
