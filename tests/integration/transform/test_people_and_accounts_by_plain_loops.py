"""Marts of people, deals and accounts, with the company's own sheets, against plain loops."""

from __future__ import annotations

import calendar
import datetime as dt
import shutil
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import company_sheets
import duckdb
import pytest
from dbt_company import Company
from plain_facts import CENT, DAY, Facts, add_months, read

from orchestration.settings import SAMPLE

TIMEZONE, FISCAL_START, TERM = "America/New_York", 5, 6
NOTHING = Decimal(0)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """Built as of a day between the two extracts, in a zone with summer time."""
    company = Company(tmp_path_factory.mktemp("company"))
    shutil.copytree(SAMPLE, company.home / "landing", ignore=shutil.ignore_patterns("*.md", ".*"))
    roster = company_sheets.deliver(company.home / "landing")
    company.load()
    marts = ("rep_ramp", "quota_attainment_daily", "retention", "stage_ageing", "deal_health")
    company.dbt(
        *("run", "--quiet", "--select", *(f"+mart_{mart}" for mart in marts)),
        as_of_date="2026-06-10",
        business_timezone=TIMEZONE,
        fiscal_year_start_month=FISCAL_START,
        recurring_opportunity_types=["new business", "Expansion"],
        renewal_opportunity_types=["Renewal"],
        recurring_term_months=TERM,
    )
    return company, roster


@pytest.fixture(scope="module")
def reader(company):
    with duckdb.connect(str(company[0].settings.warehouse_file), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


@pytest.fixture(scope="module")
def facts(reader) -> Facts:
    return Facts(reader, timezone=TIMEZONE, fiscal_start=FISCAL_START)


@pytest.fixture(scope="module")
def hires(company, facts):
    """Hire date and last day by user."""
    full = {key[5:20]: key[5:] for key in facts.users}
    return {
        f"salesforce:{full[row['user_id'][:15]]}": (row["hire_date"], row["valid_to"])
        for row in company[1]
    }


def months_later(day: dt.date, count: int) -> dt.date:
    """The same day of a later month, or its last day."""
    first = add_months(day.replace(day=1), count)
    return first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))


def tenure(hired: dt.date, day: dt.date) -> int:
    months = 0
    while months_later(hired, months + 1) <= day:
        months += 1
    return months


def won(facts):
    return [d for d in facts.deals if d["is_won"] and d["close_date"] <= facts.as_of]


def test_the_ramp_of_new_people_is_that_of_plain_loops(facts, hires, reader):
    cohorts = defaultdict(lambda: [0, 0, NOTHING])
    for user, (hired, left) in hires.items():
        for month in range(tenure(hired, facts.as_of) + 1):
            begins, ends = months_later(hired, month), months_later(hired, month + 1)
            cohort = cohorts[hired.replace(day=1), month]
            cohort[0] += not left or begins <= left
            for deal in won(facts):
                if deal["owner_at_close_key"] == user and begins <= deal["close_date"] < ends:
                    cohort[1] += 1
                    cohort[2] += deal["amount"] or 0
    found = {
        (row["cohort_month_start_date"], row["tenure_month"]): [
            row["rep_count"], row["won_count"], row["bookings_amount"]
        ]
        for row in read(reader, "from marts.mart_rep_ramp")
    }  # fmt: skip
    assert len(cohorts) > 100
    assert sum(won_count for _, won_count, _ in found.values()) > 50
    assert found == dict(cohorts)


def test_a_quota_is_ramped_as_plain_loops_do_it(company, facts, hires, reader):
    roles = {key: row["role"] for key, row in zip(hires, company[1], strict=True)}
    found = read(reader, "from intermediate.int_quota_months_ramped")
    ramped = 0
    for row in found:
        hired = hires.get(row["owner_key"], (None, None))[0]
        end = add_months(row["month_start_date"], 1) - DAY
        expected = None
        if hired and hired <= end and roles[row["owner_key"]] == "ae ":
            month = tenure(hired, end)
            rate = {0: "0", 1: "0.25", 2: "0.25", 3: "0.5"}.get(month, "1")
            expected = (row["quota_amount"] * Decimal(rate)).quantize(CENT, ROUND_HALF_UP)
            ramped += 1
        assert row["ramped_quota_amount"] == expected, row
    assert ramped > 100


def test_attainment_to_date_is_that_of_plain_loops(facts, reader):
    nodes = defaultdict(lambda: defaultdict(Decimal))
    for deal in won(facts):
        for node in facts.path(deal["owner_at_close_key"], deal["closed_at"], including=True):
            nodes[node][deal["close_date"]] += deal["amount"] or 0
    begin = dt.date(2025, 5, 1)
    rows = read(
        reader,
        "from marts.mart_quota_attainment_daily where snapshot_date >= $begin order by all",
        begin=begin,
    )
    assert len(rows) > 5000
    for row in rows:
        day, booked = row["snapshot_date"], nodes[row["user_key"]]
        starts = {
            "month": day.replace(day=1),
            "quarter": add_months(day.replace(day=1), -((day.month - FISCAL_START) % 3)),
            "year": add_months(day.replace(day=1), -((day.month - FISCAL_START) % 12)),
        }
        for period, start in starts.items():
            total = sum((booked[d] for d in booked if start <= d <= day), NOTHING)
            assert row[f"{period}_to_date_bookings_amount"] == total, row
        after = add_months(starts["month"], 1)
        days = [starts["month"] + n * DAY for n in range((after - starts["month"]).days)]
        business = [d for d in days if d.weekday() < 5]
        pace = sum(d <= day for d in business) / len(business)
        assert row["month_pace_rate"] == pytest.approx(pace)


def test_retention_is_that_of_plain_loops(facts, reader):
    deals = defaultdict(list)
    for deal in sorted(won(facts), key=lambda d: d["close_date"]):
        if deal["opportunity_type"] in ("New Business", "Expansion", "Renewal"):
            deals[deal["account_key"]].append(deal)
    ends = [period.last for period in facts.periods("month")]
    recurring = {}
    for account, own in deals.items():
        for end in ends:
            total = NOTHING
            for deal in own:
                is_over = months_later(deal["close_date"], TERM) <= end or any(
                    deal["close_date"] < later["close_date"] <= end
                    for later in own
                    if later["opportunity_type"] == "Renewal"
                )
                if deal["close_date"] <= end and not is_over:
                    total += deal["amount"] or 0
            recurring[account, end] = total
    cohorts = defaultdict(lambda: [NOTHING, NOTHING, NOTHING])
    for account in deals:
        begun = [end for end in ends if recurring[account, end] > 0]
        for end in ends[ends.index(begun[0]) :] if begun else ():
            start, now = recurring[account, begun[0]], recurring[account, end]
            sums = cohorts[begun[0].replace(day=1), end.replace(day=1)]
            sums[0] += start
            sums[1] += now
            sums[2] += min(start, now)
    found = {
        (row["cohort_month_start_date"], row["month_start_date"]): (
            row["starting_amount"],
            pytest.approx(row["net_revenue_retention_rate"]),
            pytest.approx(row["gross_revenue_retention_rate"]),
        )
        for row in read(reader, "from marts.mart_retention")
    }
    assert len(found) > 200
    assert any(now < start for start, now, _ in cohorts.values())
    assert found == {
        key: (start, float(now / start), float(kept / start))
        for key, (start, now, kept) in cohorts.items()
    }


def test_what_is_stuck_is_what_plain_loops_find(facts, reader):
    won_days, stuck = defaultdict(list), {}
    is_won = {deal["opportunity_key"]: deal["is_won"] for deal in facts.deals}
    entered = {}
    for key, versions in facts.histories.items():
        for before, after in zip([None, *versions], [*versions, None], strict=True):
            if before and after and before["stage_key"] == after["stage_key"]:
                continue
            if after:
                started, entered[key] = entered.get(key), facts.date(after["valid_from"])
                if before and is_won.get(key):
                    won_days[before["stage_key"]].append((entered[key] - started).days)
    for deal in (d for d in facts.deals if not d["is_closed"]):
        days = sorted(won_days[deal["stage_key"]])
        place = 0.75 * (len(days) - 1)
        below = days[int(place)]
        above = days[min(int(place) + 1, len(days) - 1)]
        p75 = below + (above - below) * (place - int(place))
        stuck[deal["opportunity_key"]] = (facts.as_of - entered[deal["opportunity_key"]]).days > p75
    found = {
        row["opportunity_key"]: row["is_stuck"]
        for row in read(reader, "from marts.mart_deal_health")
    }
    assert len(found) > 100
    assert 10 < sum(found.values()) < len(found)
    assert found == stuck
    assert sum(row["stuck_count"] for row in read(reader, "from marts.mart_stage_ageing")) == sum(
        found[deal["opportunity_key"]]
        for deal in facts.deals
        if not deal["is_closed"] and deal["forecast_category"] != "Omitted"
    )
