"""``salesops quarantine``: what was refused, record by record, and how it comes out again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from orchestration.contracts import load_contracts
from orchestration.front import console, errors, in_plain_words
from orchestration.ingest.refused import (
    Selection,
    count_refused,
    export_refused,
    refused_groups,
    refused_records,
)
from orchestration.ingest.retry import retry_quarantined
from orchestration.settings import Settings
from orchestration.terminal import print_record, print_refused
from orchestration.warehouse import open_warehouse, read_warehouse, reserve_warehouse


def selecting(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that choose records."""
    for option in (
        click.option("--file", "file_name", help="Only of this file (its path below landing)."),
        click.option("--object", help="Only of this object, such as Opportunity."),
        click.option("--source", help="Only of this source, such as salesforce."),
    ):
        command = option(command)
    return command


@click.group()
def quarantine() -> None:
    """See, mend and take back the records that broke their contract."""


@quarantine.command("list")
@selecting
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="The largest groups, so many.",
)
@in_plain_words
def list_(limit: int, **selected: str | None) -> None:
    """Count refused records by object and rule, with the money that they are about.

    A record that breaks two rules counts in both.
    """
    selection = Selection(**selected)
    with read_warehouse(Settings()) as warehouse:
        groups, total = refused_groups(warehouse, selection, limit=limit)
        records = count_refused(warehouse, selection)
    if not groups:
        console.print(_nothing(selection))
        return
    print_refused(console, groups)
    more = f"; {total - len(groups)} smaller groups are not shown" if total > len(groups) else ""
    console.print(f"\n{_counted(records)} in quarantine{more}.")
    console.print("`salesops quarantine show FILE` shows them, `export` writes them to a file.")


@quarantine.command()
@click.argument("file_name", metavar="FILE")
@click.option("--line", type=int, help="Only the record that begins in this line.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="So many records.",
)
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Pass over so many.")
@in_plain_words
def show(file_name: str, line: int | None, limit: int, offset: int) -> None:
    """Show refused records of FILE (its path below landing): every reason, and the text.

    The text is the record as it was read; it may hold personal data.
    """
    selection = Selection(file_name=file_name)
    with read_warehouse(Settings()) as warehouse:
        records = refused_records(warehouse, selection, line=line, limit=limit, offset=offset)
        total = count_refused(warehouse, selection)
    if not records:
        raise click.BadParameter(f"no such record of '{file_name}' is in quarantine")
    for record in records:
        print_record(console, record)
    if line is None and offset + len(records) < total:
        shown = f"{offset + 1} to {offset + len(records)} of {total:,}"
        console.print(f"\n{shown}; go on with --offset {offset + len(records)}.")


@quarantine.command()
@selecting
@in_plain_words
def retry(**selected: str | None) -> None:
    """Load the refused records that contracts and profiles accept by now, from their kept text.

    What is still refused stays, with the reasons that hold now.
    """
    settings = Settings()
    with (
        reserve_warehouse(settings, tell=console.print),
        open_warehouse(settings) as warehouse,
    ):
        files = retry_quarantined(settings, warehouse, Selection(**selected))
    for file in files:
        rows = file.rows
        accepted = f"{rows.read - rows.quarantined:,} of {_counted(rows.read)} accepted now"
        console.print(
            f"{escape(file.file_name)}: {escape(file.problem or accepted)}", soft_wrap=True
        )
    if not files:
        console.print(
            "Nothing in quarantine can be tried again. Records that are no rows are never tried:"
            " `salesops quarantine list` says which there are."
        )


@quarantine.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@selecting
@in_plain_words
def export(target: Path, **selected: str | None) -> None:
    """Write refused records to TARGET, a CSV file for the person who mends them in the CRM."""
    settings, selection = Settings(), Selection(**selected)
    with read_warehouse(settings) as warehouse:
        if not count_refused(warehouse, selection):
            console.print(f"{_nothing(selection)} No file is written.")
            return
        try:
            count, personal = export_refused(warehouse, selection, load_contracts(settings), target)
        except OSError as error:
            raise click.ClickException(f"{target} cannot be written: {error.strerror}") from error
    console.print(f"{_counted(count)} in {escape(str(target))}", soft_wrap=True)
    for place, columns in personal.items():
        errors.print(
            f"[yellow]personal data:[/] records of {place} may hold {escape(', '.join(columns))}."
            " Give the file only to those who may see it, and delete it afterwards."
        )


def _nothing(selection: Selection) -> str:
    if selection == Selection():
        return "Nothing is in quarantine."
    return "Nothing in quarantine is of this source, object or file."


def _counted(records: int) -> str:
    return "1 record" if records == 1 else f"{records:,} records"
