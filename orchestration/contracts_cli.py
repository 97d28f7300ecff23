"""``salesops contracts``: are the contracts good, and what could a new one say."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from orchestration.contracts import Contract, check_place, read_catalog
from orchestration.front import FAILED, console, errors, in_plain_words
from orchestration.ingest.archives import member_unpacked
from orchestration.ingest.draft import draft_contract
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.landing import BUNDLE
from orchestration.settings import BUNDLED_CONTRACTS, Settings


@click.group(short_help="See, check and draft what extracts are judged by.")
def contracts() -> None:
    """See and check the contracts that extracts are judged by, and draft new ones.

    The project's own lie in data/contracts; $SALESOPS_CONTRACTS names a folder of further ones,
    <source>/<object>.odcs.yaml, which go before those of the same object.
    """


@contracts.command()
@in_plain_words
def check() -> None:
    """Read every contract; list those that are good, and say what is wrong with the others."""
    catalog = read_catalog(Settings())
    console.print(_table(catalog.contracts.values()))
    console.print(f"\n{len(catalog.contracts)} contracts can be used.")
    for problem in catalog.problems:
        errors.print(f"[red]error:[/] {escape(str(problem))}")
    if catalog.problems:
        sys.exit(FAILED)


@contracts.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--object", "place", metavar="SOURCE/OBJECT", help="What FILE is an extract of.")
@in_plain_words
def draft(file: Path, place: str | None) -> None:
    """Write a contract for FILE to standard output, from its header and first records.

    FILE is a path, or a path below landing. Where it lies says of what it is an extract; elsewhere
    --object does.
    """
    path = file if file.exists() else Settings().landing_folder / file
    archive = next((parent for parent in path.parents if parent.is_file()), None)
    if not path.is_file() and archive is None:
        raise click.BadParameter(f"no such file: {file}")
    source, object_name = _place(place, path, archive)
    try:
        check_place(source, object_name)
    except ValueError as error:
        raise click.UsageError(f"{source}/{object_name}: {error}") from error
    try:
        with member_unpacked(archive, path) if archive else nullcontext(path) as extract:
            text = draft_contract(extract, source, object_name)
    except RejectedFileError as error:
        raise click.ClickException(f"{file}: {error}") from error
    click.echo(text, nl=False)


def _place(given: str | None, path: Path, archive: Path | None) -> tuple[str, str]:
    """Source and object, as given or by the folders that the file, or its archive, lies in."""
    if given:
        source, _, object_name = given.partition("/")
        if not source or not object_name or "/" in object_name:
            raise click.BadParameter("--object must be SOURCE/OBJECT, such as helpdesk/tickets")
        return source, object_name
    folder = (archive or path).resolve().parent
    try:
        dt.date.fromisoformat(folder.name)
    except ValueError as error:
        raise click.UsageError(
            "the file does not lie in <source>/<object>/<YYYY-MM-DD>; say what it is an extract of:"
            " --object SOURCE/OBJECT"
        ) from error
    object_name = folder.parent.name
    if archive and object_name == BUNDLE:
        object_name = path.name.split(".")[0]
    return folder.parents[1].name, object_name


def _table(found: Iterable[Contract]) -> Table:
    table = Table(box=None)
    table.add_column("contract", no_wrap=True)
    for heading in ("key", "extracts", "from"):
        table.add_column(heading, overflow="fold")
    for contract in found:
        is_own = not contract.path.is_relative_to(BUNDLED_CONTRACTS)
        table.add_row(
            f"{contract.source}/{contract.object}",
            ", ".join(contract.key_columns),
            contract.extract_mode,
            str(contract.path) if is_own else "bundled",
        )
    return table
