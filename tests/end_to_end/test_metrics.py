"""Metrics that are asked for by name give the figures of the marts."""

from __future__ import annotations

import csv
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.settings import DBT_PROJECT
from orchestration.transform.project import prepare_manifest

BY_REP = {
    "bookings": "bookings_amount", "won_count": "won_count", "lost_count": "lost_count",
    "win_rate": "win_rate", "win_rate_amount": "win_rate_amount",
    "average_deal_amount": "average_deal_amount", "sales_cycle_days": "sales_cycle_days_average",
    "sales_cycle_days_median": "sales_cycle_days_median", "quota": "quota_amount",
    "attainment": "attainment_rate", "pipeline_generated": "pipeline_generated_amount",
    "opportunities_created": "pipeline_generated_count", "calls": "call_count",
    "emails": "email_count", "meetings": "meeting_count", "slip_rate": "slip_rate",
}  # fmt: skip
BY_CHANNEL = {
    "ad_spend": "spend_amount", "leads": "lead_count", "mqls": "mql_count", "sqls": "sql_count",
    "new_customers": "new_customer_count", "cac": "cac", "cost_per_lead": "cost_per_lead",
    "cost_per_opportunity": "cost_per_opportunity", "roas_first": "roas_first",
    "roas_linear": "roas_linear", "roas_markov": "roas_markov",
}  # fmt: skip


@pytest.fixture(scope="module")
def ask(demo, tmp_path_factory):
    """Ask MetricFlow's own command, as an analyst does, for metrics of the published database."""
    prepare_manifest()
    folder = tmp_path_factory.mktemp("metrics")

    def query(metrics: list[str], by: list[str]) -> list[dict[str, str]]:
        answer = folder / "answer.csv"
        wanted = ["--metrics", ",".join(metrics), "--group-by", ",".join(by)]
        done = subprocess.run(
            [str(Path(sys.executable).parent / "mf"), "query", *wanted, "--csv", str(answer)],
            cwd=DBT_PROJECT,
            env=os.environ
            | {"SALESOPS_HOME": str(demo[0].home), "DBT_TARGET": "published"}
            | {"DBT_LOG_PATH": str(folder), "DBT_PROFILES_DIR": str(DBT_PROJECT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        with answer.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return query


def figure(value: object) -> float | None:
    """A figure to nine digits; nothing and 0 are alike, where rows of a mart hold zeros."""
    return None if value in (None, "") else float(f"{float(value):.9g}") or None


def test_metrics_of_reps_by_fiscal_quarter_are_those_of_the_mart(demo, ask):
    answers = ask([*BY_REP, "velocity"], ["user", "metric_time__fiscal_quarter"])
    found = {
        (row["metric_time__fiscal_quarter"][:10], row["user"]): tuple(
            figure(row[metric]) for metric in [*BY_REP, "velocity"]
        )
        for row in answers
        if row["user"]
    }
    columns = ", ".join(f"performance.{column}" for column in BY_REP.values())
    rows = demo[0].query(
        f"""
        select performance.period_start_date, performance.user_key, {columns},
            velocity.velocity_amount_per_day
        from marts.mart_rep_performance as performance
        join marts.mart_sales_velocity as velocity
            on performance.user_key = velocity.owner_key
            and performance.period_type = velocity.period_type
            and performance.period_start_date = velocity.period_start_date
        where performance.period_type = 'quarter'
        """
    )
    assert len(rows) > 300
    nothing = (None,) * (len(BY_REP) + 1)
    for quarter, user, *figures in rows:
        asked = found.get((str(quarter), user), nothing)
        assert asked == tuple(map(figure, figures)), (quarter, user)


def test_metrics_of_channels_by_month_are_those_of_the_mart(demo, ask):
    answers = ask(list(BY_CHANNEL), ["channel_month__channel", "metric_time__month"])
    found = {
        (row["metric_time__month"][:10], row["channel_month__channel"]): tuple(
            figure(row[metric]) for metric in BY_CHANNEL
        )
        for row in answers
    }
    rows = demo[0].query(
        f"select month_start_date, channel, {', '.join(BY_CHANNEL.values())}"
        " from marts.mart_channel_performance"
    )
    assert len(rows) > 50
    expected = {(str(m), channel): tuple(map(figure, figures)) for m, channel, *figures in rows}
    assert found == expected


def test_metrics_are_told_by_what_deals_and_accounts_are(demo, ask):
    answers = ask(
        ["bookings", "lost_amount", "win_rate"], ["account__industry", "metric_time__fiscal_year"]
    )
    found = {
        (row["metric_time__fiscal_year"][:10], row["account__industry"]): [
            figure(row[metric]) for metric in ("bookings", "lost_amount", "win_rate")
        ]
        for row in answers
    }
    rows = demo[0].query(
        "select period_start_date, segment, sum(won_amount), sum(lost_amount),"
        " max(segment_win_rate) from marts.mart_win_loss"
        " where period_type = 'year' and segment_type = 'industry' group by all"
    )
    assert len(rows) > 12
    assert found == {(str(y), industry): [*map(figure, figures)] for y, industry, *figures in rows}


def test_the_pipeline_of_a_period_is_that_of_its_last_day_and_covers_a_quota(demo, ask):
    answers = ask(
        ["open_pipeline", "weighted_pipeline", "open_opportunities", "coverage"],
        ["metric_time__fiscal_quarter"],
    )
    found = {row.pop("metric_time__fiscal_quarter")[:10]: row for row in answers}
    ((opened, amount, weighted),) = demo[0].query(
        "select count(*), sum(amount), sum(weighted_amount)"
        " from marts.pipeline_as_of(date '2026-03-31')"
    )
    last = found["2026-01-01"]
    assert int(last["open_opportunities"]) == opened > 100
    assert figure(last["open_pipeline"]) == figure(amount)
    assert math.isclose(float(last["weighted_pipeline"]), weighted, abs_tol=0.001)
    ((coverage,),) = demo[0].query(
        "select coverage_ratio_full from marts.mart_team_performance join marts.dim_user"
        " using (user_key) where role_name = 'CRO' and period_type = 'quarter'"
        " and period_start_date = date '2026-04-01'"
    )
    assert figure(found["2026-04-01"]["coverage"]) == figure(coverage)
