"""The dashboard's pages over the sample company's published database."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from orchestration.formats import Formats
from tests.end_to_end.homes import altered, emptied

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard"
PAGES = ("pipeline", "forecast", "reps", "funnel", "marketing", "quality", "deal")
QUARTER = "2026-04-01"
# Columns that pages name themselves: they are told by several of the marts' columns, or by none.
OWN_COLUMNS = {
    "deal", "came_in_amount", "repriced_amount", "object", "reasons", "behind_days", "what", "who",
    "happened_at",
    "rejected_count", "source", "owner_name", "_index",
}  # fmt: skip
USD = Formats("USD", "USD")


def page(name: str, home: Path, monkeypatch, **link: str) -> AppTest:
    """A page as it looks to someone who opens its link."""
    monkeypatch.setenv("SALESOPS_HOME", str(home))
    app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=120)
    app.query_params.update(link)
    app.run()
    if name != PAGES[0]:
        app.switch_page(f"app_pages/{name}.py")
        app.query_params.update(link)
        app.run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def tiles(app: AppTest) -> dict[str, str]:
    return {tile.label: tile.value for tile in app.metric}


def said(app: AppTest) -> list[str]:
    return [note.value for note in (*app.info, *app.warning)]


@pytest.fixture(scope="module")
def home(demo, tmp_path_factory) -> Path:
    """A home of its own with what the sample company published: pages keep what they open open."""
    home = tmp_path_factory.mktemp("dashboard")
    (home / "published").mkdir()
    shutil.copy(demo[0].published, home / "published" / demo[0].published.name)
    return home


@pytest.fixture(scope="module")
def company_of_nothing(demo, tmp_path_factory) -> Path:
    """What a company that delivered nothing has published: every table, empty."""
    return emptied(demo[0].published, tmp_path_factory.mktemp("nothing"), kept={"publication"})


@pytest.fixture(scope="module")
def company_of_days(demo, tmp_path_factory) -> Path:
    """The same with an as-of date, as when all that was delivered is of no use."""
    kept = {"publication", "dim_date"}
    return emptied(demo[0].published, tmp_path_factory.mktemp("days"), kept)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_figures_each_with_what_it_means(home, monkeypatch, name):
    app = page(name, home, monkeypatch)
    assert not app.warning
    assert len(app.metric) or len(app.dataframe)
    assert [tile.label for tile in app.metric if not tile.help] == []
    unexplained = {
        column
        for table in app.dataframe
        for column, config in json.loads(table.proto.columns).items()
        if not config.get("help")
    }
    assert unexplained <= OWN_COLUMNS


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_is_missing_where_there_are_days_and_nothing_else(
    company_of_days, monkeypatch, name
):
    app = page(name, company_of_days, monkeypatch)
    assert said(app)
    assert len(app.dataframe) == 0


def test_every_page_says_that_no_extract_was_loaded(company_of_nothing, monkeypatch):
    app = page("quality", company_of_nothing, monkeypatch)
    assert [note.partition(",")[0] for note in said(app)] == ["No extract was loaded yet"]


def test_every_page_says_that_nothing_is_published_yet(tmp_path, monkeypatch):
    app = page("pipeline", tmp_path, monkeypatch)
    assert "nothing is published yet" in re.sub(r"\\", "", said(app)[0])


def test_a_page_that_needs_more_than_an_older_version_has_says_so(demo, tmp_path, monkeypatch):
    home = altered(demo[0].published, tmp_path, "drop table marts.mart_forecast_summary")
    (note,) = said(page("forecast", home, monkeypatch))
    assert "`salesops run` publishes a newer one" in note
    assert "mart_forecast_summary" in note.replace("\\", "")


def test_the_whole_company_shows_the_figures_of_its_top_manager(demo, home, monkeypatch):
    app = page("reps", home, monkeypatch)
    ((bookings, quota, attainment),) = demo[0].query(
        f"""
        select bookings_amount, quota_amount, attainment_rate
        from marts.mart_team_performance inner join marts.dim_user using (user_key)
        where period_type = 'quarter' and period_start_date = '{QUARTER}' and manager_key is null
        """
    )
    shown = tiles(app)
    assert shown["Bookings amount"] == USD.write("bookings_amount", bookings)
    assert shown["Quota amount"] == USD.write("quota_amount", quota)
    assert shown["Attainment rate"] == USD.write("attainment_rate", attainment)


def test_a_link_brings_back_period_team_and_currency(demo, home, monkeypatch):
    app = page(
        "reps",
        home,
        monkeypatch,
        period="2025 Q4",
        team="Niccolò O'Sullivan",
        currency="EUR",
    )
    ((bookings, rate),) = demo[0].query(
        """
        select bookings_amount, rate / reporting_rate
        from marts.mart_team_performance, marts.fct_exchange_rate
        where period_type = 'quarter' and period_start_date = '2025-10-01'
            and user_name = 'Niccolò O''Sullivan'
            and currency_code = 'EUR' and valid_to_date is null
        """
    )
    in_euro = Formats("USD", "EUR").money(round(float(bookings) * float(rate), 2))
    assert tiles(app)["Bookings amount"] == in_euro
    people = set(app.dataframe[1].value["user_name"])
    assert people == {
        name
        for (name,) in demo[0].query(
            """
            with recursive team as (
                select user_key from marts.dim_user where user_name = 'Niccolò O''Sullivan'
                union
                select dim_user.user_key from marts.dim_user
                inner join team on manager_key = team.user_key
            )
            select user_name from marts.mart_rep_performance semi join team using (user_key)
            where period_type = 'quarter' and period_start_date = '2025-10-01'
            """
        )
    }


def test_new_people_of_several_months_have_their_lines(demo, tmp_path, monkeypatch):
    home = altered(
        demo[0].published,
        tmp_path,
        """
        insert into marts.mart_rep_ramp by name
        select
            hired as cohort_month_start_date, month as tenure_month, 2 as rep_count,
            1000 * month as average_bookings_amount, true as is_complete
        from (values (date '2025-01-01'), (date '2025-02-01')) as cohorts (hired)
        cross join range(6) as tenures (month)
        """,
    )
    app = page("reps", home, monkeypatch)
    ramp = next(t.value for t in app.dataframe if "tenure_month" in t.value)
    assert len(ramp) == 12
    assert not any("hire date" in note for note in said(app))


def test_a_company_with_several_tops_shows_teams_but_no_whole(demo, tmp_path, monkeypatch):
    home = altered(
        demo[0].published,
        tmp_path,
        "update marts.dim_user set manager_key = null where role_name like 'VP %'",
    )
    app = page("reps", home, monkeypatch)
    assert "Bookings amount" not in tiles(app)
    assert any("several tops" in note for note in said(app))
    pipeline = page("pipeline", home, monkeypatch)
    teams = next(t.value for t in pipeline.dataframe if "user_name" in t.value)
    assert {"Brian Williams", "Đỗ Hữu Sơn"} <= set(teams["user_name"])


def test_another_team_chosen_changes_the_pipeline(demo, home, monkeypatch):
    app = page("pipeline", home, monkeypatch)
    whole = tiles(app)["Open amount"]
    app.sidebar.selectbox(key="team").set_value("Brian Williams").run()
    ((amount,),) = demo[0].query(
        """
        with recursive team as (
            select user_key from marts.dim_user where user_name = 'Brian Williams'
            union
            select dim_user.user_key from marts.dim_user
            inner join team on manager_key = team.user_key
        )
        select sum(open_amount) from marts.mart_pipeline_daily
        semi join team on owner_key = user_key
        where snapshot_date = '2026-06-30'
        """
    )
    assert tiles(app)["Open amount"] == USD.write("open_amount", amount) != whole


def test_a_period_chosen_anew_takes_its_dates_along(home, monkeypatch):
    app = page("pipeline", home, monkeypatch, **{"from": "2026-05-02"})
    assert str(app.date_input(key="from").value) == "2026-05-02"
    app.sidebar.selectbox(key="period").set_value("2026 Q1").run()
    assert str(app.date_input(key="from").value) == "2026-01-01"
    assert str(app.date_input(key="to").value) == "2026-03-31"


def test_a_deal_tells_its_history_and_names_from_the_data_stay_text(demo, home, monkeypatch):
    ((key, name),) = demo[0].query(
        """
        select opportunity_key, opportunity_name from marts.fct_opportunity
        where opportunity_name like '=Sum%' order by is_closed, opportunity_key limit 1
        """
    )
    app = page("deal", home, monkeypatch, deal=key)
    headings = [heading.value for heading in app.subheader]
    assert headings[0].replace("\\", "") == name
    assert r"\=Sum" in headings[0]
    ((versions,),) = demo[0].query(
        f"select count(*) from marts.fct_opportunity_history where opportunity_key = '{key}'"
    )
    history = next(t.value for t in app.dataframe if "history_source" in t.value)
    assert len(history) == versions


def test_a_deal_found_is_opened_from_the_list(home, monkeypatch):
    app = page("deal", home, monkeypatch, find="sum analytics")
    shown = next(table.value for table in app.dataframe if "opportunity_name" in table.value)
    assert set(shown["account_name"]) == {"=Sum Analytics"}
    app.selectbox(key="picked").select_index(0).run()
    headings = [heading.value.replace("\\", "") for heading in app.subheader]
    assert headings[:2] == ["Deals found", shown["opportunity_name"].iloc[0]]


def test_a_deal_that_does_not_exist_is_said_to_be_missing(home, monkeypatch):
    app = page("deal", home, monkeypatch, deal="salesforce:nobody")
    assert said(app) == ["There is no such deal in this version."]
