"""The reports of the sample company held against the marts; of an empty and a hostile one, too."""

from __future__ import annotations

import re
import shutil
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from orchestration.formats import Formats
from orchestration.report.write import REPORTS, Name, ReportFiles, write_report
from orchestration.settings import Settings
from tests.browser import opened
from tests.conftest import Installation
from tests.end_to_end.homes import altered, emptied
from tests.end_to_end.reread import Book, Page

USD = Formats("USD", "USD")
FORMULA = "=cmd|' /C calc'!A0"
SCRIPT = '"><script>alert(1)</script><img src=https://example.com/x onerror=alert(2)>'


def home_of(demo: Any, home: Path) -> Path:
    (home / "published").mkdir(parents=True)
    shutil.copy(demo[0].published, home / "published" / demo[0].published.name)
    return home


def written(home: Path) -> dict[Name, ReportFiles]:
    return {name: write_report(Settings(home=home), name) for name in REPORTS}


def reread(files: dict[Name, ReportFiles]) -> dict[Name, tuple[Page, Book]]:
    return {name: (Page(of.page), Book(of.workbook)) for name, of in files.items()}


@pytest.fixture(scope="module")
def home(demo, tmp_path_factory) -> Path:
    return home_of(demo, tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="module")
def files(home) -> dict[Name, ReportFiles]:
    return written(home)


@pytest.fixture(scope="module")
def reports(files) -> dict[Name, tuple[Page, Book]]:
    return reread(files)


@pytest.fixture(scope="module")
def hostile(demo, tmp_path_factory) -> dict[Name, ReportFiles]:
    """A company where every name is a formula or markup."""
    home = tmp_path_factory.mktemp("hostile")
    formula, script = FORMULA.replace("'", "''"), SCRIPT.replace("'", "''")
    altered(
        demo[0].published,
        home,
        f"""
        update marts.dim_user set user_name = '{formula} ' || user_key
        where user_key in (select manager_key from marts.dim_user);
        update marts.dim_user set user_name = '{script}'
        where user_name not like '=cmd%';
        update marts.mart_rep_performance set user_name = '{script}';
        update marts.mart_team_performance set user_name = '{formula}';
        update marts.fct_opportunity set opportunity_name = '{formula}', loss_reason = '{script}';
        update marts.mart_deal_health set opportunity_name = '{formula}', stage_name = '{script}';
        update marts.dim_account set account_name = '{script}';
        update marts.mart_win_loss set reason = '{formula}' where reason is not null;
        update marts.mart_channel_performance set channel = '{script}';
        """,
    )
    return written(home)


def test_large_figures_are_those_of_the_marts(demo, reports):
    ((bookings, quota, attainment, coverage),) = demo[0].query(
        """
        select bookings_amount, quota_amount, attainment_rate, coverage_ratio_full
        from marts.mart_team_performance inner join marts.dim_user using (user_key)
        where period_type = 'quarter' and period_start_date = '2026-04-01' and manager_key is null
        """
    )
    ((week, week_count),) = demo[0].query(
        """
        select sum(bookings_amount), sum(bookings_count) from marts.mart_pipeline_waterfall
        where period_type = 'week' and period_start_date = '2026-06-22'
        """
    )
    opening, closing = (
        amount
        for (amount,) in demo[0].query(
            """
            select sum(open_amount) from marts.mart_pipeline_daily
            where snapshot_date in ('2026-06-21', '2026-06-28')
            group by snapshot_date order by snapshot_date
            """
        )
    )
    page, book = reports["weekly"]
    assert page.tiles["The quarter"] == page.tiles["The quarter"] | {
        "Bookings amount": USD.write("bookings_amount", bookings),
        "Quota amount": USD.write("quota_amount", quota),
        "Attainment rate": USD.write("attainment_rate", attainment),
        "Coverage ratio full": USD.write("coverage_ratio_full", coverage),
    }
    assert page.tiles["Booked in the week"] == {
        "Bookings amount": USD.write("bookings_amount", week),
        "Bookings count": str(week_count),
    }
    assert page.tiles["Open pipeline"]["Open amount"] == USD.write("open_amount", closing)
    summary = {row[0]: row[1:3] for row in book.sheets["Summary"] if len(row) > 2}
    assert float(summary["Open amount"][0]) == pytest.approx(float(closing))
    assert float(summary["Open amount"][1]) == pytest.approx(float(closing - opening))
    assert float(summary["Attainment rate"][0]) == pytest.approx(attainment)
    assert re.sub(r"\s", " ", page.tiles["The quarter"]["Attainment rate"]) == "84.1 %"


def test_people_stand_with_the_figures_of_the_marts_in_page_and_workbook(demo, reports):
    expected = demo[0].query(
        """
        select user_name, bookings_amount, quota_amount, attainment_rank
        from marts.mart_rep_performance
        where period_type = 'quarter' and period_start_date = '2026-04-01'
            and quota_amount is not null
        order by bookings_amount desc
        """
    )
    page, book = reports["weekly"]
    section = "Representatives in the quarter"
    assert len(expected) == 20
    shown = list(
        zip(
            *(page.column(section, f"{name} amount") for name in ("Bookings", "Quota")), strict=True
        )
    )
    assert shown[:20] == [(USD.money(row[1]), USD.money(row[2])) for row in expected]
    assert page.column(section, "User name")[:20] == [row[0] for row in expected]
    assert [float(cell) for cell in book.column(section, "Bookings amount")[:20]] == pytest.approx(
        [float(row[1]) for row in expected]
    )
    assert [int(cell) for cell in book.column(section, "Attainment rank")[:20]] == [
        row[3] for row in expected
    ]


def test_the_waterfall_of_page_and_workbook_balances_to_the_mart(demo, reports):
    ((start, won, end),) = demo[0].query(
        """
        select sum(start_amount), sum(won_amount), sum(end_amount)
        from marts.mart_pipeline_waterfall
        where period_type = 'month' and period_start_date = '2026-06-01'
        """
    )
    page, book = reports["monthly"]
    section = "The month's waterfall"
    told = dict(zip(page.column(section, "Step"), page.column(section, "Amount"), strict=True))
    assert [told[step] for step in ("Start", "Won", "End")] == [
        USD.money(amount) for amount in (start, won, end)
    ]
    steps, amounts = (book.column(section, name) for name in ("Step", "Amount"))
    signed = [
        float(amount)
        * (-1 if step in ("Won", "Lost", "Pushed out", "Removed", "Decreased", "End") else 1)
        for step, amount in zip(steps, amounts, strict=True)
    ]
    assert sum(signed) == pytest.approx(0, abs=0.005)
    assert float(amounts[steps.index("Won")]) == pytest.approx(float(won))


def test_a_trend_has_the_month_and_the_same_one_of_the_year_before(demo, reports):
    page, book = reports["monthly"]
    months = page.column("Bookings by month", "Period")
    assert (months[0], months[-1], len(months)) == ("2025-06", "2026-06", 13)
    booked = dict(
        demo[0].query(
            """
            select strftime(period_start_date, '%Y-%m'), sum(bookings_amount)
            from marts.mart_rep_performance where period_type = 'month' group by 1
            """
        )
    )
    cells = book.column("Bookings by month", "Bookings amount")
    assert [float(cell) for cell in cells] == pytest.approx([float(booked[of]) for of in months])


def test_a_call_sheet_has_the_forecast_of_the_quarter_that_is_still_to_be_sold(demo, reports):
    page, book = reports["calls"]
    expected = demo[0].query(
        """
        select user_name, quota_amount, commit_amount, best_case_amount, p50_amount, gap_amount
        from marts.mart_forecast_summary as summary
        inner join marts.fct_forecast_run using (forecast_run_id)
        inner join marts.dim_user on node_key = user_key
        where is_current and node_type = 'team' and period_type = 'quarter'
            and period_start_date = '2026-07-01'
        """
    )
    assert {name for name in book.sheets if name != "Definitions"} == {row[0] for row in expected}
    for name, *figures in expected:
        rows = book.sheets[name]
        head, values = next(
            (row, rows[number + 1]) for number, row in enumerate(rows) if row[0] == "Quota amount"
        )
        told = [
            values[head.index(f"{of} amount")]
            for of in ("Quota", "Commit", "Best case", "P50", "Gap")
        ]
        assert [float(cell) for cell in told] == pytest.approx([float(of) for of in figures])
    assert page.words.count("Deals to talk about") == len(expected) == 10


def test_nothing_below_a_ratio_is_a_dash_and_never_zero(demo, tmp_path):
    home = altered(
        demo[0].published,
        tmp_path,
        """
        update marts.mart_team_performance
        set quota_amount = null, attainment_rate = null, coverage_ratio_full = null
        """,
    )
    files = write_report(Settings(home=home), "weekly")
    tiles = Page(files.page).tiles["The quarter"]
    assert (tiles["Quota amount"], tiles["Attainment rate"]) == ("–", "–")
    summary = {row[0]: row[1] for row in Book(files.workbook).sheets["Summary"] if len(row) > 1}
    assert (summary["Attainment rate"], summary["Coverage ratio full"]) == ("–", "–")


@pytest.mark.parametrize("kept", [{"publication"}, {"publication", "dim_date"}])
def test_a_company_of_nothing_has_reports_that_say_what_is_missing(demo, tmp_path, kept):
    reports = reread(written(emptied(demo[0].published, tmp_path, kept)))
    for page, book in reports.values():
        assert page.tables == {}
        assert book.sheets
    if "dim_date" in kept:
        assert "No deal was created in this month." in reports["monthly"][0].words
        assert "There is no team" in reports["calls"][0].words
    else:
        assert "no extract was loaded yet" in reports["weekly"][0].words


@pytest.mark.parametrize("name", REPORTS)
def test_names_are_text_never_markup_nor_formulas(hostile, name):
    files = hostile[name]
    page = Page(files.page)
    assert not {"script", "img", "iframe", "link", "object", "form"} & set(page.tags)
    assert not any(key.startswith("on") or key in ("src", "action") for key, _ in page.attributes)
    targets = [value for key, value in page.attributes if key == "href"]
    assert targets
    assert all(str(value).startswith("#") for value in targets)
    assert FORMULA in page.words
    assert SCRIPT in page.words
    with zipfile.ZipFile(files.workbook) as book:
        parts = {
            part: book.read(part).decode()
            for part in book.namelist()
            if part.endswith((".xml", ".rels"))
        }
    sheets = [text for part, text in parts.items() if part.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in text or "<hyperlink" in text for text in sheets)
    assert not any('TargetMode="External"' in text for text in parts.values())
    texts = [cell for rows in Book(files.workbook).sheets.values() for row in rows for cell in row]
    assert not any(re.match(r"[=+@]", text) for text in texts)
    assert "'" + FORMULA in texts or any(text.startswith("'" + FORMULA) for text in texts)


def test_the_same_version_gives_the_same_bytes_and_latest_leads_to_them(home, files):
    before = {name: (of.page.read_bytes(), of.workbook.read_bytes()) for name, of in files.items()}
    time.sleep(2.1)  # archives tell times to two seconds
    for name, again in written(home).items():
        assert (again.page.read_bytes(), again.workbook.read_bytes()) == before[name]
        assert again.page.name.endswith("-2026-06-30.html")
        latest = again.page.with_name("latest.html"), again.workbook.with_name("latest.xlsx")
        assert tuple(link.resolve() for link in latest) == (again.page, again.workbook)
        assert len(list(again.page.parent.iterdir())) == 4


def test_the_command_makes_a_report_by_hand_and_says_where_it_is(home, files, tmp_path):
    before = files["monthly"].page.read_bytes()
    done = Installation(home).salesops("report", "monthly")
    assert done.returncode == 0, done.stderr
    assert "monthly-business-review-2026-06-30.xlsx" in "".join(done.stdout.split())
    assert files["monthly"].page.read_bytes() == before
    nothing = Installation(tmp_path).salesops("report")
    assert (nothing.returncode, "nothing is published yet" in nothing.stderr) == (1, True)


def test_amounts_days_and_rates_have_the_formats_of_the_reporting_currency(files):
    with zipfile.ZipFile(files["weekly"].workbook) as book:
        styles = book.read("xl/styles.xml").decode()
        charts = [part for part in book.namelist() if part.startswith("xl/charts/chart")]
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
    for written in ("&quot;$&quot;#,##0", "m/d/yyyy", "#,##0.0&quot;"):
        assert f'formatCode="{written}' in styles
    assert len(charts) >= 6
    assert 'state="frozen"' in sheet


def test_a_browser_asks_for_nothing_else_and_need_not_scroll_sideways(hostile):
    with opened() as browser:
        for files, scheme in zip(hostile.values(), ("light", "dark", "light"), strict=True):
            page = browser.new_page(viewport={"width": 800, "height": 900}, color_scheme=scheme)
            asked, said = [], []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("console", lambda message, said=said: said.append(message.text))
            page.goto(files.page.as_uri())
            assert (asked, said) == ([files.page.as_uri()], [])
            assert page.evaluate("document.documentElement.scrollWidth") == 800
            assert page.locator("svg[role=img][aria-label]").count() == page.locator("svg").count()
            page.close()
