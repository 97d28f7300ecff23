"""``salesops rollback`` and ``salesops doctor``: for who looks after an installation."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
from rich.markup import escape

from orchestration.front import FAILED, console, in_plain_words
from orchestration.health import (
    Finding,
    inspect_packages,
    inspect_secrets,
    inspect_space,
    inspect_warehouse,
)
from orchestration.instance import use_instance
from orchestration.publish.inspection import inspect_published, newest_run_id
from orchestration.publish.rollback import end_rollback, roll_back, standing
from orchestration.publish.versions import VersionStore
from orchestration.settings import Settings
from orchestration.terminal import print_facts


@click.command(short_help="Take readers back to an earlier version.")
@click.argument("version", type=click.IntRange(min=1), required=False)
@click.option("--end", is_flag=True, help="Show readers the newest version again.")
@in_plain_words
def rollback(version: int | None, end: bool) -> None:
    """Take readers back to VERSION, or to the version before the one they see.

    Its files are compared with its manifest first. Later runs keep what they make aside until
    `salesops rollback --end`.
    """
    if end and version:
        raise click.UsageError("--end shows the newest version: name none")
    store = VersionStore(Settings().published_folder)
    manifest = end_rollback(store) if end else roll_back(store, version)
    facts = {
        "Version": f"{manifest.version}, published {manifest.published_at:%Y-%m-%d %H:%M} UTC",
        "As of": str(manifest.as_of_date),
    }
    stands = standing(store)
    if stands:
        facts["Before"] = f"version {stands.from_version}"
        facts["Until"] = "`salesops rollback --end`; runs keep newer versions aside"
    print_facts(console, "Readers see", facts.items())


@click.command(short_help="Say what is wrong with this installation, and what to do.")
@in_plain_words
def doctor() -> None:
    """Say what is wrong with this installation and what to do; exit with 1 if anything is.

    Looks at published files and manifests, write-ahead logs, the warehouse and who has it open,
    free space, installed versions, and runs whose process was killed. Changes nothing.
    """
    findings = list(_findings(Settings()))
    for finding in findings:
        sign = "[red]fault[/]" if finding.is_fault else "[yellow]note[/] "
        console.print(f"{sign}  {escape(finding.where)}: {escape(finding.what)}", soft_wrap=True)
        console.print(f"       {escape(finding.advice)}", soft_wrap=True, highlight=False)
    faults = sum(finding.is_fault for finding in findings)
    console.print(f"{faults} faults found." if faults else "Everything is as it should be.")
    if faults:
        sys.exit(FAILED)


def _findings(settings: Settings) -> Iterator[Finding]:
    store = VersionStore(settings.published_folder)
    yield from inspect_packages()
    yield from inspect_space(settings)
    yield from inspect_secrets(settings)
    yield from inspect_published(store)
    yield from inspect_warehouse(settings, newest_run_id(store))
    if settings.dagster_folder.exists():
        yield from _killed_runs(settings)


def _killed_runs(settings: Settings) -> Iterator[Finding]:
    use_instance(settings)
    import dagster as dg  # takes seconds

    from orchestration.resources import killed_runs

    with dg.DagsterInstance.get() as instance:
        for run in killed_runs(instance, settings):
            yield Finding(
                "Dagster shows it as under way, and its process is gone",
                f"run {run.run_id} of {run.job_name}",
                "`salesops run` marks it as failed, and does what it left undone",
            )
