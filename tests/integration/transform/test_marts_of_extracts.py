"""What the marts are must depend on what the extracts say, and on nothing else."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from dbt_company import Company, Table

from orchestration.settings import REPOSITORY

SAMPLE = REPOSITORY / "data" / "sample"
FIRST, SECOND = "2026-05-31", "2026-06-30"
CHOICES = {"business_timezone": "Asia/Ho_Chi_Minh", "fiscal_year_start_month": 2}


def deliver(company: Company, *days: str) -> None:
    """Put the sample's extracts of these days into landing and load them."""
    for day in days:
        for folder in SAMPLE.glob(f"*/*/{day}"):
            shutil.copytree(folder, company.home / "landing" / folder.relative_to(SAMPLE))
    company.load()


def built(home: Path, loads: list[tuple[str, ...]], as_of: str) -> dict[str, Table]:
    """All marts after these loads, one after the other, as of a date."""
    company = Company(home)
    for days in loads:
        deliver(company, *days)
    company.dbt("run", "--quiet", as_of_date=as_of, **CHOICES)
    return company.marts()


def assert_same(found: dict[str, Table], expected: dict[str, Table]) -> None:
    assert found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []


def test_extracts_loaded_in_either_order_give_the_same_marts(tmp_path):
    forwards = built(tmp_path / "forwards", [(FIRST,), (SECOND,)], as_of=SECOND)
    backwards = built(tmp_path / "backwards", [(SECOND,), (FIRST,)], as_of=SECOND)
    assert len(forwards["fct_opportunity"]) > 1000
    assert len(forwards["mart_pipeline_daily"]) > 1000
    assert_same(backwards, forwards)


def test_a_past_date_gives_what_was_known_then(tmp_path):
    now = built(tmp_path / "now", [(FIRST, SECOND)], as_of=FIRST)
    then = built(tmp_path / "then", [(FIRST,)], as_of=FIRST)
    assert_same(now, then)
    days = {row[0] for row in now["mart_pipeline_daily"]}
    assert max(days) == dt.date.fromisoformat(FIRST)
