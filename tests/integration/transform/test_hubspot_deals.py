"""The same deals, told by Salesforce and by HubSpot, have the same figures in every mart."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from dbt_company import Company
from hubspot_deals import OWNERS, number_of, translate
from random_deals import EXTRACTS, deliver

MARTS = (
    "fct_opportunity", "mart_pipeline_daily", "mart_pipeline_waterfall",
    "mart_pipeline_waterfall_opportunity", "mart_rep_performance", "mart_stage_conversion",
)  # fmt: skip
# Keys, and what a CRM says of a deal but its figures do not rest on.
TOLD = {
    "opportunity_key", "owner_key", "user_key", "stage_key", "from_stage_key", "to_stage_key",
    "source_system", "pipeline_name", "forecast_category", "owner_at_creation_key",
    "owner_at_close_key", "bookings_rank", "attainment_rank",
}  # fmt: skip

Figures = dict[tuple[object, ...], tuple[object, ...]]


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """A company that keeps its 150 deals in both CRMs."""
    company = Company(tmp_path_factory.mktemp("company"))
    deliver(company.home / "landing", count=150, seed=7)
    translate(company.home / "landing")
    company.load()
    company.dbt(
        *("run", "--quiet", "--select", *(f"+{mart}" for mart in MARTS)),
        as_of_date=str(EXTRACTS[-1]),
        business_timezone="Asia/Ho_Chi_Minh",
        fiscal_year_start_month=2,
    )
    with duckdb.connect(str(company.settings.warehouse_file), read_only=True) as connection:
        yield connection


def same_key(key: str | None) -> str | None:
    """HubSpot's key of what Salesforce has a key of."""
    source, _, number = (key or "").partition(":")
    if source != "salesforce":
        return key
    return f"hubspot:{OWNERS.get(number) or number_of(number)}"


def told_by(reader, source: str, mart: str, *key: str, only: str = "true") -> Figures:
    """The figures of a source in a mart by its key, which is HubSpot's for either."""
    columns = [row[0] for row in reader.execute(f"describe marts.{mart}").fetchall()]
    source_key = next(name for name in columns if name in key and name.endswith("_key"))
    rows = reader.execute(
        f"select * from marts.{mart} where starts_with({source_key}, '{source}:') and {only}"
    ).fetchall()
    figures: Figures = {}
    for values in rows:
        row = dict(zip(columns, values, strict=True))
        found = tuple(same_key(row[name]) if name.endswith("_key") else row[name] for name in key)
        assert found not in figures
        figures[found] = tuple(row[name] for name in columns if name not in {*TOLD, *key})
    return figures


@pytest.mark.parametrize(
    ("mart", "key"),
    [
        ("fct_opportunity", ("opportunity_key", "owner_key", "owner_at_close_key")),
        ("mart_pipeline_waterfall", ("period_type", "period_start_date", "owner_key")),
        (
            "mart_pipeline_waterfall_opportunity",
            ("period_type", "period_start_date", "opportunity_key", "owner_key"),
        ),
        ("mart_rep_performance", ("period_type", "period_start_date", "user_key")),
    ],
)
def test_both_crms_give_the_same_figures_each_under_its_own_keys(reader, mart, key):
    salesforce = told_by(reader, "salesforce", mart, *key)
    hubspot = told_by(reader, "hubspot", mart, *key)
    assert len(salesforce) > 70
    assert hubspot == salesforce


def test_the_pipeline_of_every_day_is_the_same_in_both_crms(reader):
    days = {
        source: reader.execute(
            f"""
            select snapshot_date, stage_name, sum(open_count), sum(open_amount)
            from marts.mart_pipeline_daily
            where starts_with(stage_key, '{source}:') group by all order by all
            """
        ).fetchall()
        for source in ("salesforce", "hubspot")
    }
    assert days["salesforce"][-1][0] == dt.date(2026, 6, 30)
    assert days["hubspot"] == days["salesforce"]


def test_stages_convert_alike_in_both_crms_and_are_not_added_up(reader):
    steps = {
        source: reader.execute(
            f"""
            select entry_month_start_date, from_stage, to_stage, entered_count, reached_count
            from marts.mart_stage_conversion
            where starts_with(from_stage_key, '{source}:') order by all
            """
        ).fetchall()
        for source in ("salesforce", "hubspot")
    }
    assert len(steps["salesforce"]) > 20
    assert steps["hubspot"] == steps["salesforce"]


def test_both_crms_together_are_their_sum(reader):
    (whole,) = reader.execute(
        "select count(*), sum(amount), count(*) filter (is_won) from marts.fct_opportunity"
    ).fetchall()
    (half,) = reader.execute(
        "select count(*), sum(amount), count(*) filter (is_won) from marts.fct_opportunity"
        " where source_system = 'hubspot'"
    ).fetchall()
    assert half[2] > 5
    assert whole == tuple(2 * value for value in half)
