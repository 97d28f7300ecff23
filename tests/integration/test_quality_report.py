"""The report of the latest run's quality: what failed and why, all of it escaped and offline."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import duckdb
import pytest

from orchestration.quality.check import Check, no_row_where
from orchestration.quality.results import record
from orchestration.quality.validate import run_checks
from orchestration.report.quality import write_quality_report
from orchestration.settings import Settings

SCRIPT = "<script>alert('deal')</script>"


class Page(HTMLParser):
    """Texts, tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture
def settings(tmp_path) -> Settings:
    settings = Settings(home=tmp_path)
    settings.warehouse_file.parent.mkdir()
    check = Check(
        "marts", "fct_deal", "amounts_are_positive", "No deal is negative.", "critical",
        ("deal_key",), (no_row_where("amount < 0", ["deal_key"], "amounts are positive"),),
    )  # fmt: skip
    with duckdb.connect(str(settings.warehouse_file)) as warehouse:
        warehouse.execute(
            "create schema marts; create schema ops;"
            "create table marts.fct_deal (deal_key varchar, amount decimal(18, 2));"
            "create table ops.load_ledger as select 'a.csv' as file_name, 'rejected' as status,"
            " false as is_acknowledged, 'no header & no <end>' as error"
        )
        warehouse.execute("insert into marts.fct_deal values (?, -1234.5)", [SCRIPT])
        record(warehouse, run_checks(warehouse, [check]), "run 1", None)
    return settings


@pytest.fixture
def page(settings) -> Page:
    file = write_quality_report(settings, f"Nothing was published: {SCRIPT}", failed=True)
    assert file == settings.home / "reports" / "quality.html"
    return Page(file.read_text(encoding="utf-8"))


def test_it_says_what_failed_why_where_and_how_much_money(page):
    assert "marts.fct_deal" in page.text
    assert "amounts_are_positive failed" in page.text
    assert "No deal is negative. not so: amounts are positive (1 row)" in page.text
    assert "1,234.50" in page.text
    assert 'select "deal_key" from marts.fct_deal where amount < 0' in page.text
    assert "a.csv no header & no <end>" in page.text


def test_values_are_text_never_markup(page):
    assert "script" not in page.tags
    assert f"deal_key={SCRIPT}" in page.text
    assert f"Nothing was published: {SCRIPT}" in page.text


def test_it_asks_nothing_of_a_network_and_runs_nothing(settings, page):
    text = (settings.home / "reports" / "quality.html").read_text(encoding="utf-8")
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert not {name for name, _ in page.attributes} & {"src", "href", "action", "background"}
    assert not any(name.startswith("on") for name, _ in page.attributes)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


def test_a_run_that_checked_nothing_has_a_report_too(tmp_path):
    settings = Settings(home=tmp_path)
    settings.warehouse_file.parent.mkdir()
    duckdb.connect(str(settings.warehouse_file)).close()
    file = write_quality_report(settings, "step 'ingest' failed: disk full", failed=True)
    assert "disk full" in file.read_text(encoding="utf-8")
