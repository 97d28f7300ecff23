"""The ``salesops`` command: a thin front over the Dagster job, with progress and a summary.

Exit codes: 0 all went well; 1 the run failed, and nothing was published; 2 the command was misused;
3 all else was done, but a file in landing was rejected.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import click
import duckdb
from rich.console import Console
from rich.markup import escape

from orchestration.company import Company, load_company
from orchestration.contracts_cli import contracts
from orchestration.front import FAILED, console, errors, exit_if_rejected, in_plain_words
from orchestration.ingest.facts import facts_of
from orchestration.ingest.rehearsal import rehearse
from orchestration.ingest.run import acknowledge, ingest_landing
from orchestration.instance import use_instance
from orchestration.publish.rollback import standing
from orchestration.publish.versions import VersionStore
from orchestration.published import open_published
from orchestration.quarantine_cli import quarantine
from orchestration.readers_cli import open_, query
from orchestration.report import summary
from orchestration.report.quality import quality_report_file
from orchestration.report_cli import report
from orchestration.sample.company import SMALL_SCALE
from orchestration.sample.copy import copy_sample, refuse_foreign
from orchestration.sample.write import SEED, write_sample
from orchestration.settings import REPOSITORY, Settings
from orchestration.terminal import (
    LoadProgress,
    RunProgress,
    open_log,
    print_attention,
    print_facts,
    print_files,
    print_refused,
    show_deals,
)
from orchestration.upkeep_cli import doctor, rollback
from orchestration.warehouse import open_warehouse, reserve_warehouse

TOUR = {
    "Begin": ["demo", "sample"],
    "Day by day": ["ingest", "run", "status", "dev"],
    "Read what is published": ["query", "open", "report"],
    "Judge and mend extracts": ["contracts", "quarantine"],
    "When something is wrong": ["doctor", "rollback"],
}


class Tour(click.Group):
    """Lists the commands in the order in which people come to need them."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section for each part of the tour."""
        for title, names in TOUR.items():
            with formatter.section(title):
                formatter.write_dl(
                    [
                        (name, command.get_short_help_str(70))
                        for name in names
                        if (command := self.get_command(ctx, name))
                    ]
                )


@click.group(cls=Tour, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="salesops")
def main() -> None:
    """Turn CRM and marketing extracts into sales tables that can be trusted.

    Everything lies below $SALESOPS_HOME (by default the repository's data folder): extracts in
    landing/, the database for readers in published/. A first look: `salesops demo`, then
    `salesops open`.
    """


@main.command()
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Business date to publish; by default the newest extract's.",
)
@in_plain_words
def run(as_of: dt.datetime | None) -> None:
    """Take whatever is in landing to published marts and a forecast."""
    _run(Settings(), as_of.date() if as_of else None)


@main.command(short_help="Take the sample company from extracts to marts.")
@in_plain_words
def demo() -> None:
    """Put the sample company's extracts into landing, then do what `run` does."""
    settings = Settings()
    count = copy_sample(settings.landing_folder)
    where = escape(str(settings.landing_folder))
    console.print(f"The sample company's {count} extracts are in {where}", soft_wrap=True)
    _run(settings, None)


@main.command()
@click.option(
    "--acknowledge",
    "file_name",
    metavar="FILE",
    help="Accept that FILE (its path below landing) stays rejected, or really lost many records.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Say what would happen, file by file, with the same exit code, and change nothing.",
)
@in_plain_words
def ingest(file_name: str | None, dry_run: bool) -> None:
    """Load whatever is in landing into the warehouse, no more."""
    settings = Settings()
    if dry_run:
        if file_name:
            raise click.UsageError(
                "--acknowledge changes the ledger, --dry-run nothing: choose one"
            )
        _rehearse(settings)
        return
    with (
        reserve_warehouse(settings, tell=console.print),
        open_warehouse(settings) as warehouse,
    ):
        if file_name:
            try:
                acknowledge(settings, warehouse, file_name)
            except LookupError as error:
                raise click.BadParameter(str(error.args[0])) from error
        with LoadProgress(console) as progress:
            result = ingest_landing(settings, warehouse, progress)
    print_facts(console, "Loaded", facts_of(result).items())
    exit_if_rejected(str(entry.error) for entry in result.rejected)


@main.command()
@click.option(
    "--scale",
    type=click.FloatRange(0.001, 100),
    default=SMALL_SCALE,
    show_default=True,
    help="1 is a company of 100,000 opportunities.",
)
@click.option("--seed", default=SEED, show_default=True, help="Another seed, another company.")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to; by default landing, if it is empty.",
)
@in_plain_words
def sample(scale: float, seed: int, folder: Path | None) -> None:
    """Generate the extracts of a made-up company of any size."""
    if folder is None:
        folder = Settings().landing_folder
        refuse_foreign(folder, set())
    with show_deals(console) as progress:
        written = write_sample(folder, scale=scale, seed=seed, on_progress=progress)
    facts = {
        "Files": f"{len(written.rows)} in {folder}",
        "Rows": f"{sum(written.rows.values()):,}, and {len(written.defects)} bad ones on purpose",
    }
    print_facts(console, "Sample company", facts.items())


main.add_command(query)
main.add_command(open_)
main.add_command(report)
main.add_command(contracts)
main.add_command(quarantine)
main.add_command(rollback)
main.add_command(doctor)


@main.command()
@in_plain_words
def status() -> None:
    """Say what is published, what is forecast, and what needs attention."""
    settings = Settings()
    with open_published(settings) as published:
        facts = summary.publication_facts(published)
        facts["Forecast"] = _forecast(published, load_company(settings))
        attention = summary.attention(published)
    stands = standing(VersionStore(settings.published_folder))
    if stands:
        facts["Rolled back"] = f"from version {stands.from_version} until `rollback --end`"
    print_facts(console, "Published", facts.items())
    print_attention(console, attention)


@main.command(
    context_settings={"ignore_unknown_options": True},
    short_help="Open Dagster: asset graph, runs, schedules.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@in_plain_words
def dev(arguments: tuple[str, ...]) -> None:
    """Open Dagster (webserver and daemon) on 127.0.0.1:3000; ARGUMENTS go to `dagster dev`."""
    use_instance(Settings())
    dagster = Path(sys.executable).parent / "dagster"
    command = [str(dagster), "dev", "--host", "127.0.0.1", *arguments]
    sys.exit(subprocess.run(command, cwd=REPOSITORY, check=False).returncode)  # noqa: S603


def _rehearse(settings: Settings) -> None:
    with LoadProgress(console) as progress:
        rehearsal = rehearse(settings, progress)
    print_files(console, rehearsal.result.entries)
    if rehearsal.refused:
        print_refused(console, rehearsal.refused)
    title = "Would be loaded (this was a dry run: nothing is changed)"
    print_facts(console, title, facts_of(rehearsal.result).items())
    exit_if_rejected(str(entry.error) for entry in rehearsal.result.rejected)


def _run(settings: Settings, as_of: dt.date | None) -> None:
    """Run the main job in this process, showing its steps, then say what came of it."""
    company = load_company(settings)  # first: a wrong key is an error before anything is begun
    terminal = Console(file=sys.stdout)
    with open_log(settings) as log, RunProgress(terminal) as progress:
        success = _execute(settings, as_of, progress)
    facts = progress.facts()
    if success:
        with open_published(settings) as published:
            facts["Forecast"] = _forecast(published, company)
        facts["Look next"] = (
            "`salesops open`: the dashboard; `salesops status`: what needs attention;"
            " `make dev`: Dagster"
        )
    if quality_report_file(settings).exists():
        facts["Quality"] = str(quality_report_file(settings))
    facts["Log"] = str(log)
    print_facts(terminal, "Summary", facts.items())
    for failure in progress.failures:
        errors.print(f"[red]error:[/] {escape(failure)}")
    if not success:
        errors.print("The run failed. What was published before stays as it is.")
        sys.exit(FAILED)
    exit_if_rejected(progress.rejected)


def _forecast(published: duckdb.DuckDBPyConnection, company: Company) -> str:
    quarters = summary.quarter_forecasts(published, company.reporting_currency)
    return "\n".join(map(str, quarters)) or "none: too little history"


def _execute(settings: Settings, as_of: dt.date | None, progress: RunProgress) -> bool:
    use_instance(settings)
    import dagster as dg  # takes seconds: only a run pays for it

    from orchestration.definitions import defs
    from orchestration.jobs import JOB_NAME

    run_id = str(uuid4())
    config = {"ops": {"marts": {"config": {"as_of_date": as_of.isoformat()}}}} if as_of else {}
    with dg.DagsterInstance.get() as instance:
        instance.add_event_listener(run_id, progress)
        result = defs.resolve_job_def(JOB_NAME).execute_in_process(
            instance=instance, run_id=run_id, run_config=config, raise_on_error=False
        )
    return result.success
