"""What the dashboard asks of the published database, held against the marts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import duckdb
import pytest

from orchestration.queries import (
    company,
    deal,
    forecast,
    marketing,
    performance,
    pipeline,
    quality,
    scores,
)

AS_OF = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def db(demo) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(demo[0].published.resolve()), read_only=True) as connection:
        yield connection


def test_the_waterfall_between_the_ends_of_a_period_is_that_of_the_period(db):
    periods = db.execute(
        """
        select distinct period_type, period_start_date, period_end_date
        from marts.mart_pipeline_waterfall
        where period_type in ('month', 'quarter') and period_start_date >= '2026-01-01'
        order by all
        """
    ).fetchall()
    assert len(periods) == 8
    for kind, first, last in periods:
        of_period = pipeline.waterfall(db, period_type=kind, first=first, owners=None).iloc[0]
        between = pipeline.waterfall_between(db, first=first, last=last, owners=None).iloc[0]
        assert between["start_amount"] > 0
        assert list(between) == pytest.approx(list(of_period), abs=0.005)
        deals = [
            pipeline.moved_deals(db, period_type=kind, first=first, owners=None),
            pipeline.moved_deals_between(db, first=first, last=last, owners=None),
        ]
        assert deals[0].equals(deals[1])


def test_the_waterfall_between_any_dates_balances_for_each_team(db):
    between = {"first": dt.date(2026, 4, 10), "last": dt.date(2026, 5, 20)}
    for team in company.teams(db)["user_key"]:
        owners = list(company.members(db, team=team)["user_key"])
        row = pipeline.waterfall_between(db, **between, owners=owners).iloc[0]
        came = sum(row[f"{part}_amount"] for part in ("start", *pipeline.ENTRIES))
        went = sum(row[f"{part}_amount"] for part in pipeline.EXITS)
        assert came - went == pytest.approx(row["end_amount"], abs=0.005)


def test_stages_and_teams_add_up_to_what_is_open(db):
    shown = pipeline.open_pipeline(db, days=[AS_OF], owners=None).iloc[0]
    tops = company.teams(db)
    top = tops.loc[tops["is_top"], "user_key"].item()
    for parts in (
        pipeline.by_stage(db, day=AS_OF, owners=None),
        pipeline.by_team(db, day=AS_OF, team=top),
        pipeline.by_team(db, day=AS_OF, team=None),
        pipeline.by_day(db, first=AS_OF, last=AS_OF, owners=None),
    ):
        for column in ("open_count", "open_amount", "weighted_amount"):
            assert parts[column].sum() == pytest.approx(shown[column], abs=0.005)


def test_a_team_is_a_manager_and_everybody_below(db):
    tree = dict(db.execute("select user_key, manager_key from marts.dim_user").fetchall())
    for team in company.teams(db)["user_key"]:
        expected = {team}
        while grown := {key for key, above in tree.items() if above in expected} - expected:
            expected |= grown
        assert set(company.members(db, team=team)["user_key"]) == expected


def test_periods_begin_with_the_quarter_of_the_as_of_date(db):
    periods = company.periods(db)
    assert list(periods.iloc[0]["label":]) == ["2026 Q2"]
    assert set(periods["label"]) >= {"2025 Q3", "Year 2024", "2026-06"}
    assert periods["period_start_date"].max().date() <= AS_OF


def test_deals_of_a_rep_add_up_to_the_bookings(db):
    period = {"period_type": "quarter", "start": dt.date(2026, 4, 1)}
    for rep in performance.reps(db, **period, owners=None).itertuples():
        deals = performance.deals(db, rep=rep.user_key, first=period["start"], last=AS_OF)
        won = deals[deals["is_won"].astype(bool)]
        assert won["amount"].sum() == pytest.approx(float(rep.bookings_amount), abs=0.005)
        assert len(won) == rep.won_count


def test_a_month_of_marketing_is_that_of_the_mart(db):
    month = dt.date(2026, 5, 1)
    shown = marketing.channels(db, first=month, last=dt.date(2026, 5, 31)).set_index("channel")
    expected = db.execute(
        "select * from marts.mart_channel_performance where month_start_date = $month",
        {"month": month},
    ).df()
    assert len(shown) == len(expected) > 1
    columns = [column for column in shown.columns if column in expected]
    assert {"spend_amount", "cac", "roas_markov"} <= set(columns)
    for _, row in expected.iterrows():
        for column in columns:
            assert shown.loc[row["channel"], column] == pytest.approx(
                row[column], abs=0.005, nan_ok=True
            )


def test_models_share_out_the_same_revenue(db):
    quarter = {"first": dt.date(2026, 4, 1), "last": AS_OF}
    whole = marketing.whole(db, **quarter).iloc[0]
    channels = marketing.channels(db, **quarter)
    for model in marketing.MODELS:
        column = f"attributed_won_amount_{model}"
        assert channels[column].sum() == pytest.approx(whole["won_amount"], abs=0.005)
        assert whole[column] == pytest.approx(whole["won_amount"], abs=0.005)


def test_the_forecast_shown_is_the_published_one_of_the_newest_run(db):
    shown = forecast.periods(db, node_type="company", node="company", grain="quarter")
    expected = db.execute(
        """
        select mean_amount, p10_amount, p90_amount from marts.fct_forecast
        inner join marts.fct_forecast_run using (forecast_run_id)
        where is_published and is_current and node_type = 'company' and period_type = 'quarter'
        order by period_start_date
        """
    ).df()
    assert len(shown) == len(expected) > 1
    for column in expected.columns:
        assert list(shown[column]) == list(expected[column])
    assert forecast.accuracy(db, node_type="company", grain="quarter")[
        "horizon"
    ].is_monotonic_increasing


def test_counts_of_the_quality_page_are_those_of_the_tables_below_it(db):
    totals = quality.totals(db).iloc[0]
    checks = quality.checks(db)
    assert totals["failed_check_count"] == (checks["status"] != "passed").sum()
    assert totals["passed_check_count"] == (checks["status"] == "passed").sum() > 100
    assert totals["quarantined_row_count"] == len(quality.quarantined(db)) > 0
    assert totals["schema_change_count"] == len(quality.schema_changes(db)) > 0
    assert (quality.freshness(db)["behind_days"] == 0).any()


def test_deals_are_found_by_name_account_or_key_whatever_the_case(db):
    key, name = db.execute(
        "select opportunity_key, opportunity_name from marts.fct_opportunity order by 1 limit 1"
    ).fetchall()[0]
    for text in (name.upper(), key.lower()):
        assert key in set(deal.found(db, text=text, owners=None)["opportunity_key"])
    assert deal.found(db, text="' or 1=1 --", owners=None).empty


def test_a_deal_that_the_newest_run_does_not_score_has_no_score():
    with duckdb.connect() as db:
        db.execute(
            """
            create schema marts;
            create table marts.fct_forecast_run as
                select * from (values
                    ('a', date '2026-06-21', true), ('b', date '2026-06-30', true)
                ) as runs (forecast_run_id, as_of_date, is_current);
            create table marts.fct_opportunity_score as
                select *, date '2026-07-31' as expected_close_date, '' as reason_1, '' as reason_2,
                    '' as reason_3, 'model' as method, true as is_calibrated,
                    100 as calibration_count
                from (values
                    ('a', 'closed since', 0.4), ('a', 'still open', 0.5), ('b', 'still open', 0.6)
                ) as scores (forecast_run_id, opportunity_key, win_chance)
            """
        )
        assert deal.score(db, "closed since").empty
        assert list(deal.score(db, "still open")["win_chance"].astype(float)) == [0.6]


def test_every_open_deal_that_the_newest_run_scored_is_shown_once_by_what_is_at_stake(db):
    shown = scores.open_deals(db, owners=None)
    expected = db.execute(
        """
        select opportunity_key, win_chance from marts.fct_opportunity_score
        where as_of_date = (select max(as_of_date) from marts.fct_opportunity_score)
        """
    ).fetchall()
    assert len(expected) > 100
    chances = dict(zip(shown["opportunity_key"], shown["win_chance"], strict=True))
    assert (len(shown), chances) == (len(expected), dict(expected))
    at_stake = (shown["amount"] * shown["win_chance"]).fillna(-1)
    assert at_stake.is_monotonic_decreasing


def test_the_scored_deals_of_a_team_are_those_of_its_people(db):
    everybody = scores.open_deals(db, owners=None)
    owner = db.execute(
        "select owner_key from marts.fct_opportunity where opportunity_key = $1",
        [everybody["opportunity_key"].iloc[0]],
    ).fetchall()[0][0]
    own = scores.open_deals(db, owners=[owner])
    assert 0 < len(own) < len(everybody)
    assert set(own["owner_name"]) == {everybody["owner_name"].iloc[0]}


def test_every_lead_that_the_newest_run_scored_is_shown_once_the_likeliest_first(db):
    shown = scores.leads(db)
    expected = db.execute(
        """
        select lead_key, conversion_chance from marts.fct_lead_score
        where as_of_date = (select max(as_of_date) from marts.fct_lead_score)
        """
    ).fetchall()
    assert len(expected) > 100
    chances = dict(zip(shown["lead_key"], shown["conversion_chance"], strict=True))
    assert (len(shown), chances) == (len(expected), dict(expected))
    assert shown["conversion_chance"].is_monotonic_decreasing
