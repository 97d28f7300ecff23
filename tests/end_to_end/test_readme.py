"""What the README shows is what a newcomer sees."""

from __future__ import annotations

import re

import pytest

from orchestration.published import open_published
from orchestration.settings import REPOSITORY, Settings
from tests.conftest import Installation

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"### (.+?)\n\n```sql\n(.+?)\n```\n\n```\n(.+?)```", README, re.DOTALL)


def test_there_are_eight_questions():
    assert len(SHOWN) == 8


@pytest.mark.parametrize(("question", "sql", "answer"), SHOWN, ids=[title for title, *_ in SHOWN])
def test_each_question_has_the_answer_that_the_readme_shows(demo, question, sql, answer):
    with open_published(Settings(home=demo[0].home)) as published:
        assert str(published.sql(sql)) == answer


def test_the_run_ends_with_the_summary_that_the_readme_shows(demo):
    _, output = demo
    summary = re.search(r"\nSummary\n.+?\n```", README, re.DOTALL)[0].removesuffix("\n```")
    for line in summary.splitlines():
        if not line.startswith(("Log", "Published", "Quality")):  # they name the home
            assert line in output


def test_the_demo_does_not_mix_the_sample_with_other_extracts(tmp_path):
    own = tmp_path / "landing/salesforce/Account/2026-07-01/mine.csv"
    own.parent.mkdir(parents=True)
    own.write_text("Id\n", encoding="utf-8")
    done = Installation(tmp_path).salesops("demo")
    assert done.returncode == 1
    assert "holds other extracts, such as salesforce/Account/2026-07-01/mine.csv" in done.stderr
    assert [file.name for file in tmp_path.rglob("*.csv")] == ["mine.csv"]
