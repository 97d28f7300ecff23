"""Data broken on purpose, once for each kind of suite, are published nowhere and named everywhere.

The reason stands in what the command prints, in Dagster, and in the report; secrets of the
environment stand in none of them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import dagster as dg
import duckdb
import pytest
from rich.console import Console

from orchestration.definitions import defs
from orchestration.instance import use_instance
from orchestration.jobs import alert_people, note_recovery
from orchestration.settings import Settings
from orchestration.terminal import RunProgress
from tests.conftest import Installation

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
BREAKAGES = {
    "raw": (
        "update raw_salesforce._opportunity set probability = 150 where id = (select min(id) from"
        " raw_salesforce.opportunity)",
        "raw_salesforce/opportunity",
        "values_keep_the_contract",
        "probability is from",
    ),
    "marts": (
        "insert into marts.dim_stage from (from marts.dim_stage order by stage_key limit 1)",
        "marts/dim_stage",
        "keys_are_unique",
        "stage_key are unique",
    ),
    "forecast": (
        "update marts.fct_forecast set p10_amount = p90_amount + 1 where p10_amount is not null"
        " and is_published",
        "marts/fct_forecast",
        None,
        "rows)",
    ),
}


@pytest.fixture
def home(demo, tmp_path) -> Iterator[Path]:
    """A copy of the demo, in whose environment secrets are planted."""
    yield from with_secrets(demo[0].home, tmp_path / "home")


def with_secrets(original: Path, home: Path) -> Iterator[Path]:
    """A copy of a home, while secrets are planted in the environment of this process."""
    before = dict(os.environ)
    shutil.copytree(original, home, symlinks=True)
    os.environ.update(SECRETS | {"SALESOPS_HOME": str(home)})
    use_instance(Settings())
    yield home
    os.environ.clear()
    os.environ.update(before)


def run_checks_and_publish(
    suites: str, progress: RunProgress
) -> tuple[bool, list[dg.EventLogEntry]]:
    """Run the checks of one step and publish, as the main job does.

    Returns:
        Whether it went well, and what Dagster has on record.
    """
    (checks,) = [c for c in defs.asset_checks if c.node_def.name == STEPS[suites]]
    job = dg.define_asset_job(
        "checks_and_publication",
        selection=dg.AssetSelection.checks(checks) | dg.AssetSelection.assets("published_database"),
        executor_def=dg.in_process_executor,
        hooks={alert_people, note_recovery},
    )
    together = dg.Definitions.merge(defs, dg.Definitions(jobs=[job]))
    with dg.DagsterInstance.get() as instance:
        run_id = str(uuid4())
        instance.add_event_listener(run_id, progress)
        result = together.resolve_job_def(job.name).execute_in_process(
            instance=instance, run_id=run_id, raise_on_error=False
        )
        return result.success, list(instance.all_logs(run_id))


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


@pytest.mark.parametrize("suite", BREAKAGES)
def test_broken_data_stop_the_publication_and_the_reason_is_shown_everywhere(suite, home):
    statement, table, check, reason = BREAKAGES[suite]
    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb")) as warehouse:
        warehouse.execute(statement)
    progress = RunProgress(Console(quiet=True))
    success, events = run_checks_and_publish(suite, progress)

    assert not success
    published = Installation(home).query("select max(version) from ops.publication")
    assert published == [(1,)]

    told = [failure for failure in progress.failures if f"check of {table}: " in failure]
    assert told, progress.failures
    assert reason in " ".join(told)

    evaluations = [
        event.dagster_event.asset_check_evaluation_data
        for event in events
        if event.is_dagster_event
        and event.dagster_event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ]
    failed = [e for e in evaluations if not e.passed and e.asset_key.to_user_string() == table]
    assert failed
    assert check is None or check in {evaluation.check_name for evaluation in failed}
    assert all(evaluation.metadata["failing_keys"].value for evaluation in failed)

    report = (home / "reports" / "quality.html").read_text(encoding="utf-8")
    assert "Nothing was published by run" in report
    assert table.replace("/", ".") in report
    assert f"{failed[0].check_name} failed" in report
    assert reason in report

    said = [str(event) for event in events] + progress.failures
    assert places_of_secrets(home, *said) == []


def test_runs_keep_no_data_in_dagster(demo):
    stored = [f for f in (demo[0].home / "dagster" / "storage").rglob("*") if f.is_file()]
    assert [file for file in stored if "compute_logs" not in file.parts] == []
