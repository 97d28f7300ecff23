"""The analysts' questions run on what is published, and their answers make sense."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from decimal import Decimal

import pytest

from orchestration.published import open_published
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.transform.project import dbt_executable

AS_OF, QUARTER = dt.date(2026, 6, 30), dt.date(2026, 4, 1)
QUESTIONS = sorted(path.stem for path in (DBT_PROJECT / "analyses").glob("*.sql"))


@pytest.fixture(scope="module")
def answers(demo, tmp_path_factory):
    """The rows of every question, compiled by dbt and run as an analyst would run it."""
    target = tmp_path_factory.mktemp("questions")
    folders = ["--target-path", str(target), "--log-path", str(target)]
    done = subprocess.run(
        [
            *(str(dbt_executable()), "compile", "--quiet", "--select", "resource_type:analysis"),
            *("--target", "published", *folders),
        ],
        cwd=DBT_PROJECT,
        env=os.environ | {"SALESOPS_HOME": str(demo[0].home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = {}
    with open_published(Settings(home=demo[0].home)) as published:
        for question in QUESTIONS:
            sql = (target / "compiled/salesops/analyses" / f"{question}.sql").read_text()
            result = published.execute(sql)
            names = [column[0] for column in result.description]
            rows[question] = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return rows


def total(rows, column):
    return sum(row[column] or 0 for row in rows)


def test_each_question_begins_with_its_words_and_has_an_answer(answers):
    assert len(QUESTIONS) >= 20
    for question in QUESTIONS:
        first = (DBT_PROJECT / "analyses" / f"{question}.sql").read_text().splitlines()[0]
        assert first.startswith("-- ")
        assert answers[question], question


def test_why_did_this_quarters_pipeline_fall(answers, demo):
    steps = {row["part"]: row["amount"] for row in answers["why_did_this_quarters_pipeline_fall"]}
    end = steps.pop("end")
    assert sum(steps.values()) == end
    assert 0 < end < steps["start"]
    assert steps["won"] < 0
    ((open_amount,),) = demo[0].query(
        "select sum(amount) from marts.pipeline_as_of(date '2026-06-30')"
        " where close_date between date '2026-04-01' and date '2026-06-30'"
    )
    assert end == open_amount


def test_which_deals_left_this_quarters_pipeline(answers):
    deals = answers["which_deals_left_this_quarters_pipeline"]
    steps = {row["part"]: row["amount"] for row in answers["why_did_this_quarters_pipeline_fall"]}
    gone = steps["lost"] + steps["pushed_out"] + steps["removed"]
    assert total(deals, "amount") == -gone
    assert {row["exit"] for row in deals} <= {"lost", "pushed_out", "removed"}
    assert all(row["loss_reason"] for row in deals if row["exit"] == "lost")


def test_what_changed_in_the_open_pipeline_within_two_weeks(answers, demo):
    changes = answers["what_changed_in_the_open_pipeline_within_two_weeks"]
    ((before, now),) = demo[0].query(
        "select sum(open_amount) filter (where snapshot_date = date '2026-06-16'),"
        " sum(open_amount) filter (where snapshot_date = date '2026-06-30')"
        " from marts.mart_pipeline_daily"
    )
    assert total(changes, "amount_change") == now - before


def test_what_became_of_what_was_to_close_within_90_days(answers):
    fates = answers["what_became_of_what_was_to_close_within_90_days"]
    won = [row for row in fates if row["exit"] == "won"]
    assert total(won, "won_amount") == total(fates, "won_amount") > 500_000
    assert total([row for row in fates if row["exit"] == "end"], "still_open_amount") > 0
    assert len({(row["entry"], row["exit"]) for row in fates}) == len(fates) > 5


def test_who_is_behind_quota_and_on_what_pace(answers):
    behind = answers["who_is_behind_quota_and_on_what_pace"]
    assert 5 < len(behind) < 40
    for row in behind:
        assert row["quota_amount"] > row["bookings_amount"] >= 0
        assert row["gap_amount"] == row["quota_amount"] - row["bookings_amount"]
        assert row["attainment_rate"] < row["pace_rate"] == 1  # the quarter ends on the as-of date
    assert [r["attainment_rate"] for r in behind] == sorted(r["attainment_rate"] for r in behind)


def test_where_do_deals_get_stuck(answers, demo):
    stages = answers["where_do_deals_get_stuck"]
    ((open_amount,),) = demo[0].query(
        "select sum(amount) from marts.pipeline_as_of(date '2026-06-30')"
    )
    assert total(stages, "open_amount") == open_amount
    assert all(0 <= row["stuck_rate"] <= 1 and row["won_days_p75"] > 0 for row in stages)
    assert stages[0]["stuck_amount"] == max(row["stuck_amount"] for row in stages) > 0


def test_which_open_deals_are_at_risk(answers):
    deals = answers["which_open_deals_are_at_risk"]
    assert all(row["signal_count"] >= 2 for row in deals)
    assert all(row["close_date"] <= dt.date(2026, 9, 30) for row in deals)
    past_due = [row for row in deals if row["past_due_days"]]
    assert past_due
    assert all((AS_OF - row["close_date"]).days == row["past_due_days"] for row in past_due)


def test_whose_deals_slip(answers):
    reps = answers["whose_deals_slip"]
    assert all(row["slipped_count"] > 0 and 0 < row["average_slip_rate"] <= 1 for row in reps)
    assert all(1 <= row["quarter_count"] <= 4 for row in reps)


def test_what_is_the_win_rate_by_industry(answers):
    for row in answers["what_is_the_win_rate_by_industry"]:
        won, lost = int(row["won_count"]), int(row["lost_count"])
        assert row["win_rate"] == pytest.approx(won / (won + lost))
        assert 0 < row["win_rate_amount"] < 1


def test_why_do_we_lose(answers):
    reasons = answers["why_do_we_lose"]
    assert {"Price", "Competitor"} <= {row["reason"] for row in reasons}
    assert total(reasons, "lost_share_amount") == pytest.approx(1)


def test_how_fast_do_new_reps_ramp(answers):
    quarters = answers["how_fast_do_new_reps_ramp"]
    assert [row["quarter_number"] for row in quarters] == list(range(1, len(quarters) + 1))
    assert quarters[0]["rep_count"] > 10
    first, later = quarters[0], quarters[3]
    assert first["average_bookings_amount"] < later["average_bookings_amount"]


def test_which_channels_return_their_spend(answers, demo):
    channels = answers["which_channels_return_their_spend"]
    ((spend,),) = demo[0].query("select sum(spend_amount) from marts.fct_ad_performance_daily")
    assert total(channels, "spend_amount") == spend
    assert all(0 < row["roas_linear"] < 100 for row in channels)


def test_what_does_a_customer_cost(answers):
    campaigns = [row for row in answers["what_does_a_customer_cost"] if row["new_customer_count"]]
    assert campaigns
    for row in campaigns:
        cost = float(row["spend_amount"]) / float(row["new_customer_count"])
        assert row["cac"] == pytest.approx(cost)
        assert row["cost_per_opportunity"] < row["cac"]


def test_will_the_forecast_meet_the_quota(answers):
    quarters = answers["will_the_forecast_meet_the_quota"]
    assert quarters[0]["fiscal_quarter_start_date"] == QUARTER
    assert quarters[0]["won_amount"] == quarters[0]["mean_amount"] == Decimal("1169499.42")
    for row in quarters:
        assert row["p10_amount"] <= row["mean_amount"] <= row["p90_amount"]
        # Quotas are known to the end of the year, the forecast goes on.
        has_quota = row["fiscal_quarter_start_date"] <= dt.date(2026, 10, 1)
        assert (row["quota_amount"] is not None) == has_quota
        assert row["is_quota_met"] in (("likely", "open", "unlikely") if has_quota else (None,))
    assert quarters[0]["is_quota_met"] == "unlikely"


def test_how_good_are_the_forecasts(answers):
    tests = answers["how_good_are_the_forecasts"]
    assert {row["period_type"] for row in tests} == {"month", "quarter"}
    assert all(0 <= row["wape"] < 1 and -1 < row["bias"] < 1 for row in tests)


def test_is_there_enough_pipeline_for_the_coming_quarters(answers, demo):
    rows = answers["is_there_enough_pipeline_for_the_coming_quarters"]
    counted = demo[0].query(
        "select sum(open_count), sum(open_amount), sum(weighted_amount)"
        " from marts.mart_pipeline_daily where snapshot_date = date '2026-06-30'"
    )
    assert counted == [
        (total(rows, "open_count"), total(rows, "open_amount"), total(rows, "weighted_amount"))
    ]


def test_how_do_deals_move_from_stage_to_stage(answers):
    steps = answers["how_do_deals_move_from_stage_to_stage"]
    assert [row["to_stage"] for row in steps[:-1]] == [row["from_stage"] for row in steps[1:]]
    assert steps[-1]["to_stage"] == "Closed Won"
    assert all(0.3 < row["conversion_rate"] < 1 and row["median_days"] > 0 for row in steps)


def test_how_soon_are_leads_answered(answers):
    owners = answers["how_soon_are_leads_answered"]
    assert all(row["responded_count"] <= row["lead_count"] for row in owners)
    assert any(row["typical_response_minutes"] for row in owners)
    assert all(0 <= (row["within_target_share"] or 0) <= 1 for row in owners)


def test_how_do_leads_become_customers(answers, demo):
    sources = answers["how_do_leads_become_customers"]
    ((leads,),) = demo[0].query("select count(*) from marts.fct_lead where is_lead")
    assert total(sources, "lead_count") == leads
    assert all(row["won_count"] <= row["opportunity_count"] for row in sources)


def test_which_customers_have_fallen_silent(answers):
    customers = answers["which_customers_have_fallen_silent"]
    assert all(row["bookings_amount"] >= 0 and row["last_won_date"] <= AS_OF for row in customers)
    since = AS_OF - dt.timedelta(days=90)
    assert all(row["last_activity_date"] is None or row["last_activity_date"] <= since
               for row in customers)  # fmt: skip


def test_how_do_bookings_compare_with_last_year(answers):
    regions = answers["how_do_bookings_compare_with_last_year"]
    assert total(regions, "bookings_amount") == Decimal("1169499.42")
    assert total(regions, "bookings_amount_a_year_ago") > 500_000


def test_what_should_be_mended_in_the_crm(answers, demo):
    flaws = answers["what_should_be_mended_in_the_crm"]
    ((past_due, amount),) = demo[0].query(
        "select count(*), sum(amount) from marts.fct_opportunity where is_past_due"
    )
    assert (past_due, amount) in {(f["rows_affected"], f["amount_affected"]) for f in flaws}
    amounts = [f["amount_affected"] for f in flaws if f["amount_affected"] is not None]
    assert amounts == sorted(amounts, reverse=True)
    assert {f["severity"] for f in flaws} <= {"critical", "warning"}
    assert {f["currency_code"] for f in flaws} <= {"USD", None}
