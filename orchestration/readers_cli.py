"""``salesops query`` and ``salesops open``: for who reads what was published."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

import click
import duckdb
from rich.markup import escape

from orchestration.front import FAILED, console, errors, in_plain_words
from orchestration.published import NotPublishedError, open_published
from orchestration.report.quality import quality_report_file
from orchestration.settings import REPOSITORY, Settings
from orchestration.spreadsheet import write_csv

if TYPE_CHECKING:
    from orchestration.report.write import Name

_ROWS_SHOWN = 60
_NUMBER = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$|DECIMAL|FLOAT|DOUBLE")


@click.command(short_help="Print what SQL finds, as a table or CSV.")
@click.argument("sql", required=False)
@click.option("--csv", "as_csv", is_flag=True, help="Print every row as CSV, not a table.")
@in_plain_words
def query(sql: str | None, as_csv: bool) -> None:
    r"""Print what SQL finds in the published database; without SQL, what standard input says.

    \b
    salesops query "select * from marts.mart_forecast_summary"
    salesops query --csv < question.sql > answer.csv
    salesops query "show all tables"

    The database is read only. In CSV, days and times are written by ISO 8601 in UTC, NULL is
    empty, and a text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    if sql is None:
        if sys.stdin.isatty():
            raise click.UsageError('Say what to look for: salesops query "select ..."')
        sql = sys.stdin.read()
    with open_published() as published:
        try:
            found = published.sql(sql)
            if found is None:
                return
            if as_csv:
                _write(found, sys.stdout)
            else:
                _show(found)
        except duckdb.Error as error:
            errors.print(f"[red]error:[/] {escape(str(error))}")
            sys.exit(FAILED)


def _show(found: duckdb.DuckDBPyRelation) -> None:
    """A table as wide as the terminal; whole columns where the output is no terminal."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 10_000
    found.show(max_width=width, max_rows=_ROWS_SHOWN)


def _write(found: duckdb.DuckDBPyRelation, file: TextIO) -> None:
    numbers = [place for place, kind in enumerate(found.types) if _NUMBER.match(str(kind))]
    cells = found.project("cast(columns(*) as varchar)")
    write_csv(file, found.columns, cells.iter_rows(), numbers)


@click.command("open", short_help="Open the dashboard, or a report.")
@click.argument(
    "what",
    type=click.Choice(["dashboard", "quality", "weekly", "monthly", "calls"]),
    default="dashboard",
)
@in_plain_words
def open_(what: Literal["dashboard", "quality", "weekly", "monthly", "calls"]) -> None:
    """Open the dashboard on 127.0.0.1:8501 (until Ctrl+C), or a report.

    quality is that of the newest run; weekly, monthly and calls are made from the newest published
    version first, as `salesops report` makes them.
    """
    if what == "dashboard":
        open_published().close()  # an error here says what to do better than each page would
        app = str(REPOSITORY / "dashboard" / "app.py")
        # In place of this process, so that what ends the command ends the server.
        os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", app])  # noqa: S606
    page = _quality_page() if what == "quality" else _made(what)
    console.print(str(page), soft_wrap=True)
    click.launch(str(page))


def _quality_page() -> Path:
    page = quality_report_file(Settings())
    if not page.is_file():
        raise NotPublishedError(f"{page}: there is no report yet; `salesops run` writes it")
    return page


def _made(name: Name) -> Path:
    from orchestration.report.write import write_report  # pandas takes its time

    return write_report(Settings(), name).page
