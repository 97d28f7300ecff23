"""The history of deals to which anything may happen, against the same rules as plain loops."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import duckdb
import pytest
from dbt_company import Company
from plain_history import Extracts, History, State
from random_deals import RATES, STAGES, deliver

ORDER = {stage[0]: place for place, stage in enumerate(STAGES)}
CASES = [  # as of, time zone, reporting currency
    (dt.date(2026, 6, 30), "Asia/Ho_Chi_Minh", "USD"),
    (dt.date(2026, 5, 12), "America/New_York", "VND"),
]


class Books:
    """The marts that dbt made of the extracts, beside what plain loops make of them."""

    def __init__(self, company: Company, as_of: dt.date, zone: str, currency: str) -> None:
        self.extracts = Extracts(company.home / "landing", as_of, ZoneInfo(zone))
        self.as_of = as_of
        self.currency = currency
        self.histories = {
            f"salesforce:{key}": History(self.extracts, key) for key in self.extracts.records
        }
        company.dbt(
            *("run", "--quiet", "--select"),
            *("+fct_opportunity", "+fct_opportunity_history", "+mart_pipeline_daily"),
            as_of_date=str(as_of),
            business_timezone=zone,
            reporting_currency=currency,
        )
        self.file = str(company.settings.warehouse_file)

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(self.file, read_only=True) as reader:
            return reader.execute(sql).fetchall()

    def days(self) -> list[dt.date]:
        return [self.as_of - dt.timedelta(days=n) for n in range(200)]

    def converted(self, amount: Decimal | None, currency: str, day: dt.date) -> Decimal | None:
        if amount is None or currency == "GBP":
            return None
        exact = amount * rate(self.currency, day) / rate(currency, day)
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def rate(currency: str, day: dt.date) -> Decimal:
    """Units per US dollar; before the first rate the first one holds."""
    quotes = [(start, rate) for code, rate, start in RATES if code == currency]
    known = (
        [rate for start, rate in quotes if start <= str(day)] or [quotes[0][1]] if quotes else []
    )
    return Decimal(known[-1]) if known else Decimal(1)


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]} {case[1]} {case[2]}")
def books(request, tmp_path_factory):
    company = Company(tmp_path_factory.mktemp("deals"))
    deliver(company.home / "landing", count=150, seed=11)
    company.load()
    return Books(company, *request.param)


def test_the_deals_show_all_that_can_happen(books):
    """The comparison below would prove little if nothing happened to the deals."""
    sources = {
        s for (s,) in books.query("select history_source from marts.fct_opportunity_history")
    }
    assert sources == {"tracked", "observed", "assumed"}
    facts = books.query(
        "select count(*), count(closed_at), sum(push_count), sum(stage_regression_count),"
        " count_if(owner_at_close_key <> owner_key) from marts.fct_opportunity"
    )[0]
    assert min(facts) > 0
    assert len(books.histories) > facts[0]  # some are deleted


def test_every_version_says_how_the_deal_stood(books):
    rows = defaultdict(list)
    for key, *row in books.query(
        "select opportunity_key, valid_from, valid_to, stage_name, forecast_category, probability,"
        " amount_original, close_date, owner_key, history_source = 'assumed'"
        " from marts.fct_opportunity_history"
    ):
        rows[key].append(row)
    end = books.extracts.end_of(books.as_of)
    ends_of_days = [books.extracts.end_of(day) for day in books.days()]
    wrong = []
    for key, history in books.histories.items():
        for moment in {m for m in history.moments if m <= end}.union(ends_of_days):
            state = history.at(moment)
            expected = [] if state is None or state.is_deleted else [columns(state)]
            found = [r[2:] for r in rows[key] if r[0] <= moment and (not r[1] or r[1] > moment)]
            if found != expected:
                wrong.append((key, moment, expected, found))
    assert wrong == []


def columns(state: State) -> list[object]:
    owner = f"salesforce:{state.owner}"
    terms = [state.probability, state.amount, state.close_date]
    return [state.stage, state.category, *terms, owner, state.is_assumed]


def test_every_deal_is_closed_counted_and_converted_as_its_history_says(books):
    found = {
        row[0]: row[1:]
        for row in books.query(
            "select opportunity_key, is_won, amount, created_amount, closed_at, owner_at_close_key,"
            " owner_at_creation_key, push_count, stage_regression_count, is_past_due"
            " from marts.fct_opportunity"
        )
    }
    expected = {}
    for key, history in books.histories.items():
        moments = [m for m in history.moments if m <= books.extracts.end_of(books.as_of)]
        if moments and not history.at(moments[-1]).is_deleted:
            expected[key] = facts(books, history, moments)
    assert found == expected


def facts(books: Books, history: History, moments: list[dt.datetime]) -> tuple[object, ...]:
    """The columns of fct_opportunity that the test above compares."""
    states = [history.at(moment) for moment in moments]
    last, created = states[-1], books.extracts.date_of(history.created)
    is_closed = last.outcome != "open"
    first_day = history.at(min(books.extracts.end_of(created), books.extracts.end_of(books.as_of)))
    closed_at = None
    if is_closed:
        begun = len(states) - 1
        while begun and states[begun - 1].outcome == last.outcome:
            begun -= 1
        closed_at = moments[begun]
        if states[begun].is_assumed:
            closed_at = max(closed_at, books.extracts.end_of(last.close_date))
    at_close = history.at(closed_at) if closed_at else None
    return (
        last.outcome == "won",
        books.converted(last.amount, history.currency, rate_day(last, books.as_of)),
        books.converted(first_day.amount, history.currency, rate_day(first_day, created)),
        closed_at,
        f"salesforce:{at_close.owner}" if at_close else None,
        f"salesforce:{history.at(history.created).owner}",
        sum(month(after) > month(before) for before, after in pairwise(states)),
        sum(is_step_back(before, after) for before, after in pairwise(states)),
        not is_closed and last.close_date < books.as_of,
    )


def rate_day(state: State, day: dt.date) -> dt.date:
    return day if state.outcome == "open" else state.close_date


def month(state: State) -> tuple[int, int]:
    return state.close_date.year, state.close_date.month


def is_step_back(before: State, after: State) -> bool:
    are_open = before.outcome == after.outcome == "open" and before.stage != "Unknown"
    return are_open and ORDER[after.stage] < ORDER[before.stage]


def test_every_day_of_the_pipeline_adds_up_what_stood_open_at_its_end(books):
    found = {
        row[:4]: row[4:]
        for row in books.query(
            "select snapshot_date, owner_key, stage_name, forecast_category, sum(open_count),"
            " sum(open_amount), sum(weighted_amount) from marts.mart_pipeline_daily group by all"
        )
    }
    expected = defaultdict(lambda: (0, Decimal(0), Decimal(0)))
    for history in books.histories.values():
        for day in books.days():
            state = history.at(books.extracts.end_of(day))
            if state is None or state.is_deleted or state.outcome != "open":
                continue
            if state.category == "Omitted":
                continue
            amount = books.converted(state.amount, history.currency, day) or Decimal(0)
            key = (day, f"salesforce:{state.owner}", state.stage, state.category)
            count, total, weighted = expected[key]
            weight = amount * (state.probability or 0)
            expected[key] = (count + 1, total + amount, weighted + weight)
    assert found == dict(expected)
