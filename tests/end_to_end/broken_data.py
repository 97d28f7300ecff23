"""Data broken on purpose, the checks that have to find them, and where the reason has to stand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import dagster as dg
import duckdb
from rich.console import Console

from orchestration.definitions import defs
from orchestration.instance import use_instance
from orchestration.jobs import alert_people, note_recovery
from orchestration.settings import Settings
from orchestration.terminal import RunProgress

SECRETS = {
    "SALESOPS_CONTACT_KEY": "planted-contact-key-0001",
    "SALESOPS_ALERT_WEBHOOK": "http://127.0.0.1:1/planted-webhook-token-0002",
    "SALESOPS_ALERT_SMTP": "smtp://bao:planted-password-0003@127.0.0.1:1",
    "SALESOPS_ALERT_EMAIL": "ops@example.com",
    "SOME_API_TOKEN": "planted-api-token-0004",
}
STEPS = {
    "raw": "raw_tables_keep_their_contracts",
    "marts": "marts_are_sound",
    "forecast": "forecasts_are_sound",
}
"""The steps of the main job that check, each with a suite for every table."""

SOME_VALUE = {"VARCHAR": "x", "DATE": "2026-01-01", "TIMESTAMP": "2026-01-01", "BOOLEAN": "true"}


def with_secrets(original: Path, home: Path) -> Iterator[Path]:
    """A copy of a home, while secrets are planted in the environment of this process."""
    before = dict(os.environ)
    shutil.copytree(original, home, symlinks=True)
    os.environ.update(SECRETS | {"SALESOPS_HOME": str(home)})
    use_instance(Settings())
    yield home
    os.environ.clear()
    os.environ.update(before)


def tables_of(step: str) -> list[dg.AssetKey]:
    """The tables that a step has suites for; each suite has checks that block."""
    return sorted({spec.asset_key for spec in _checks_of(step).check_specs if spec.blocking})


def break_table(warehouse: duckdb.DuckDBPyConnection, table: dg.AssetKey) -> tuple[str, str]:
    """Break what a table promises.

    Returns:
        The check that has to find it, and the reason that it has to give.
    """
    schema, name = table.path
    if schema.startswith("raw_"):  # a row that no file brought
        warehouse.execute(f'insert into {schema}."_{name}" default values')
        return "rows_agree_with_the_ledger", "its number of rows is the ledger"
    if warehouse.execute(f"select count(*) from {schema}.{name}").fetchall() == [(0,)]:
        columns = warehouse.execute(f"describe {schema}.{name}").fetchall()
        values = ", ".join(
            f"cast('{SOME_VALUE.get(kind, '1')}' as {kind})" for _, kind, *_ in columns
        )
        warehouse.execute(f"insert into {schema}.{name} select {values}")
    warehouse.execute(f"insert into {schema}.{name} from {schema}.{name} limit 1")
    return "keys_are_unique", "unique"


@dataclass(frozen=True)
class Stopped:
    """A run of some checks and of publishing, as people see it."""

    success: bool
    progress: RunProgress
    events: list[dg.EventLogEntry]
    report: str

    def check_reason_is_shown(self, table: dg.AssetKey, check: str, reason: str) -> None:
        """In what the command prints, in Dagster, and in the report."""
        name = table.to_user_string()
        told = [failure for failure in self.progress.failures if f"check of {name}: " in failure]
        assert reason in " ".join(told), (name, told)
        evaluations = [
            event.dagster_event.asset_check_evaluation_data
            for event in self.events
            if event.is_dagster_event
            and event.dagster_event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        ]
        (found,) = [e for e in evaluations if (e.asset_key, e.check_name) == (table, check)]
        assert not found.passed
        assert found.severity == dg.AssetCheckSeverity.ERROR
        assert found.blocking
        assert reason in found.description
        assert found.metadata["failing_keys"].value
        assert "Nothing was published by run" in self.report
        about = self.report.partition(name.replace("/", "."))[2]
        assert f"{check} failed" in about
        assert reason in about

    def said(self) -> list[str]:
        """All that was said, by the command and by Dagster."""
        return [*map(str, self.events), *self.progress.failures]


def check_and_publish(step: str, tables: Collection[dg.AssetKey] = ()) -> Stopped:
    """Run the checks of a step, or those of some of its tables, and publish, as the main job."""
    keys = [
        spec.key for spec in _checks_of(step).check_specs if not tables or spec.asset_key in tables
    ]
    job = dg.define_asset_job(
        "checks_and_publication",
        selection=dg.AssetSelection.checks(*keys) | dg.AssetSelection.assets("published_database"),
        executor_def=dg.in_process_executor,
        hooks={alert_people, note_recovery},
    )
    together = dg.Definitions.merge(defs, dg.Definitions(jobs=[job]))
    progress = RunProgress(Console(quiet=True))
    with dg.DagsterInstance.get() as instance:
        run_id = str(uuid4())
        instance.add_event_listener(run_id, progress)
        result = together.resolve_job_def(job.name).execute_in_process(
            instance=instance, run_id=run_id, raise_on_error=False
        )
        events = list(instance.all_logs(run_id))
    report = (Settings().home / "reports" / "quality.html").read_text(encoding="utf-8")
    return Stopped(result.success, progress, events, report)


def _checks_of(step: str) -> dg.AssetChecksDefinition:
    (checks,) = [c for c in defs.asset_checks if c.node_def.name == STEPS[step]]
    return checks


def places_of_secrets(home: Path, *said: str) -> list[str]:
    """Where a secret stands: in files and tables below the home, or in what was said."""
    secrets = [v for name, v in SECRETS.items() if name != "SALESOPS_ALERT_EMAIL"]
    secrets += ["planted-webhook-token-0002", "planted-password-0003"]
    found = [f"said: {text[:80]}" for text in said if any(secret in text for secret in secrets)]
    for file in home.rglob("*"):
        if file.is_file() and not file.is_symlink():
            content = file.read_bytes()
            found += [f"{file}" for secret in secrets if secret.encode() in content]
    # Databases keep texts compressed.
    for file in (home / "warehouse" / "warehouse.duckdb", home / "published" / "salesops.duckdb"):
        with duckdb.connect(str(file.resolve()), read_only=True) as database:
            tables = database.execute(
                "select schema_name, table_name from duckdb_tables() where not internal"
            ).fetchall()
            for schema, table in tables:
                holding = database.execute(
                    f'select count(*) from {schema}."{table}" as each_row'
                    " where regexp_matches(cast(each_row as varchar), ?)",
                    ["|".join(secrets)],
                ).fetchall()
                found += [f"{file.name}: {schema}.{table}" for (rows,) in holding if rows]
    return found
