"""``salesops report``: reports made by hand, as the schedules make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestration.front import console, in_plain_words
from orchestration.settings import Settings
from orchestration.terminal import print_facts

if TYPE_CHECKING:
    from orchestration.report.write import Name


@click.command(short_help="Make reports from what is published.")
@click.argument("names", nargs=-1, type=click.Choice(["weekly", "monthly", "calls"]))
@in_plain_words
def report(names: tuple[Name, ...]) -> None:
    """Make reports from the newest published version: a page to read, a workbook to go on with.

    weekly: the sales report of the newest week that is over; monthly: the business review of the
    newest month that is over; calls: a forecast-call sheet for each team. Without a name, all.
    """
    from orchestration.report.write import REPORTS, write_report  # pandas takes its time

    settings = Settings()
    for name in names or tuple(REPORTS):
        files = write_report(settings, name)
        facts = {"Page": str(files.page), "Workbook": str(files.workbook)}
        title = f"Report '{name}', as of {files.as_of or 'no date: no extract was loaded'}"
        print_facts(console, title, facts.items())
