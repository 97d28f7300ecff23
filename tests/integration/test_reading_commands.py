"""`salesops query`, `salesops open`, and the tour of the commands that `salesops --help` is."""

from __future__ import annotations

import csv
import io

import pytest
from click.testing import CliRunner, Result

from orchestration.cli import TOUR, main
from tests.publishing import make_company


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SALESOPS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def published(home):
    company = make_company(home)
    company.set_amounts(7)
    company.publish()
    return company


def salesops(*arguments: str, standard_input: str | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=standard_input)


def rows_of(result: Result) -> list[list[str]]:
    assert result.exit_code == 0, result.output
    return list(csv.reader(io.StringIO(result.stdout)))


def test_help_shows_every_command_once():
    shown = [name for names in TOUR.values() for name in names]
    assert sorted(shown) == sorted(main.commands)
    help_text = salesops("--help").stdout
    assert [help_text.count(f"\n  {name} ") for name in shown] == [1] * len(shown)
    assert "..." not in help_text.partition("Options:")[2]  # each description is whole


def test_a_query_prints_a_table(published, capfd):
    result = salesops("query", "select 'Ada' as name, 12.50 as amount")
    assert result.exit_code == 0
    assert "│ Ada     │        12.50 │" in result.stdout + capfd.readouterr().out


def test_a_query_from_standard_input_prints_every_row_as_csv_in_its_order(published):
    sql = "select n, n / 2.0 as half from range(1000) t(n) order by n desc;\n"
    rows = rows_of(salesops("query", "--csv", standard_input=sql))
    assert rows[:3] == [["n", "half"], ["999", "499.5"], ["998", "499.0"]]
    assert len(rows) == 1001


def test_values_in_csv_are_those_of_the_database(published):
    sql = """
        select null as nothing, true as yes, -0.10 as change, cast(0 as decimal(20, 10)) as zero,
            date '2026-06-30' as day, timestamp '2026-06-30 12:00' as time, [1, 2] as list
    """
    header, values = rows_of(salesops("query", "--csv", sql))
    assert dict(zip(header, values, strict=True)) == {
        "nothing": "",
        "yes": "true",
        "change": "-0.10",
        "zero": "0.0000000000",
        "day": "2026-06-30",
        "time": "2026-06-30 12:00:00",
        "list": "[1, 2]",
    }


def test_no_text_in_csv_is_a_formula_and_no_negative_number_is_changed(published):
    header, values = rows_of(
        salesops("query", "--csv", """select '=1+1' as "@name", '-1' as code, -1 as number""")
    )
    assert (header, values) == (["'@name", "code", "number"], ["'=1+1", "'-1", "-1"])


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("select nothing_such from marts.fct_opportunity", "nothing_such"),
        ("create table marts.mine as select 1", "read-only mode"),
        ("copy (select 1) to '/tmp/taken.csv'", "disabled by configuration"),
        ("set enable_external_access = true", "locked"),
    ],
)
def test_a_query_that_cannot_be_answered_is_one_line_of_error(published, sql, complaint):
    result = salesops("query", sql)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert complaint in result.stderr
    assert "Traceback" not in result.output


def test_before_the_first_publication_reading_says_what_publishes(home):
    for command in (["query", "select 1"], ["open"], ["open", "quality"], ["open", "weekly"]):
        result = salesops(*command)
        assert result.exit_code == 1
        assert "`salesops run`" in result.stderr
