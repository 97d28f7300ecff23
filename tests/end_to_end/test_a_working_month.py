"""One installation through good days and bad ones; each test goes on where the one before ended."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import duckdb
import pytest

from tests.conftest import Installation, Webhook
from tests.end_to_end.conftest import FIRST, SECOND, deliver

READER = """
import json, sys, time
import duckdb
from pathlib import Path
published, stop = Path(sys.argv[1]), Path(sys.argv[2])
seen = {}
while not stop.exists():
    with duckdb.connect(str(published.resolve()), read_only=True) as reader:
        (version,) = reader.execute("select max(version) from ops.publication").fetchone()
        counts = {t: reader.execute(f"select count(*) from marts.{t}").fetchone()[0]
                  for t in ("fct_opportunity", "mart_rep_performance", "fct_forecast")}
    seen.setdefault(str(version), []).append(counts)
    time.sleep(0.1)
print(json.dumps({
    version: [len(reads), [read for i, read in enumerate(reads) if read not in reads[:i]]]
    for version, reads in seen.items()
}))
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Installation:
    return Installation(tmp_path_factory.mktemp("home") / "Vận hành bán hàng")


def version_of(installation: Installation) -> int:
    return installation.query("select max(version) from ops.publication")[0][0]


def test_the_first_extracts_end_in_a_published_database_and_a_forecast(extracts, installation):
    deliver(extracts, installation, FIRST)
    done = installation.salesops("run")
    assert done.returncode == 0, done.stderr
    for step in ("Load extracts", "Check raw tables", "Build and test models", "Check marts"):
        assert f"✓ {step}" in done.stdout
    assert "new version 1" in done.stdout
    assert f"As of       {FIRST}" in done.stdout
    assert "Forecast    USD " in done.stdout
    assert installation.query("select count(*) > 50 from marts.fct_opportunity") == [(True,)]
    assert (installation.home / "published/parquet/mart_rep_performance.parquet").exists()


def changed_tables(installation: Installation) -> list[tuple]:
    """Published tables that have had several contents, to explain a version nobody expected."""
    return installation.query(
        "select schema_name, table_name, list(row_count) from ops.publication_table"
        " group by all having count(distinct checksum) > 1 order by all"
    )


def test_running_again_changes_nothing_and_says_so(installation):
    before = installation.published.resolve()
    done = installation.salesops("run")
    assert done.returncode == 0, done.stderr
    assert "nothing new in landing" in done.stdout
    assert "nothing changed since version 1" in done.stdout, changed_tables(installation)
    assert installation.published.resolve() == before


def test_planted_bad_rows_are_in_quarantine_with_file_line_text_and_reason(installation):
    with duckdb.connect(str(installation.warehouse), read_only=True) as warehouse:
        rows = warehouse.execute(
            "select file_name, line_number, raw_text, reasons from ops.quarantined_row"
            " where object = 'Opportunity' order by all"
        ).fetchall()
    assert rows
    for file_name, line_number, raw_text, reasons in rows:
        lines = (installation.landing / file_name).read_text(encoding="utf-8").splitlines()
        assert lines[line_number - 1][:30] in raw_text
        assert all(reason.strip() for reason in reasons)


def test_a_bad_file_is_refused_while_the_others_are_published_and_readers_go_on(
    extracts, installation, tmp_path
):
    stop = tmp_path / "stop"
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(installation.published), str(stop)],
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(2)
    deliver(extracts, installation, SECOND)
    bad = installation.landing / "salesforce" / "Account" / SECOND / "Account_2.csv"
    bad.write_text("<html><body>Your session has expired</body></html>\n", encoding="utf-8")
    done = installation.salesops("run")
    time.sleep(2)
    stop.touch()
    output, _ = reader.communicate(timeout=60)

    assert done.returncode == 3, done.stdout + done.stderr
    assert "rejected: salesforce/Account/2026-06-30/Account_2.csv" in done.stderr
    assert "new version 2" in done.stdout
    assert f"As of       {SECOND}" in done.stdout

    assert reader.returncode == 0, "the reader failed"
    seen = json.loads(output)
    assert set(seen) == {"1", "2"}
    for reads, different_counts in seen.values():
        assert reads > 0
        assert len(different_counts) == 1, "a version changed under its reader"


def test_status_names_the_refused_file_and_the_quarantined_rows(installation):
    done = installation.salesops("status")
    assert done.returncode == 0, done.stderr
    assert "Account_2.csv" in done.stdout.replace("\n", "")
    assert "quarantined" in done.stdout


def test_loading_waits_for_a_run_that_is_under_way(installation):
    run = installation.start("run")
    while str(run.pid) not in (installation.home / "warehouse/reservation").read_text():
        time.sleep(0.1)
    waiting = installation.salesops("ingest")
    assert f"Waiting for the run of process {run.pid} to end" in waiting.stdout
    assert run.wait(timeout=300) == 3
    assert waiting.returncode == 3


def test_a_failed_check_keeps_the_published_version_and_alerts_people(
    installation, webhook: Webhook
):
    before = version_of(installation)
    with duckdb.connect(str(installation.warehouse)) as warehouse:
        warehouse.execute("update raw_salesforce.opportunity set probability = 150")
    done = installation.salesops("run", SALESOPS_ALERT_WEBHOOK=webhook.url)
    assert done.returncode == 1
    assert "✗ Check raw tables" in done.stdout
    assert "raw_salesforce/opportunity" in done.stderr
    assert "What was published before stays as it is" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert version_of(installation) == before
    rejected, failed = (message["text"] for message in webhook.messages)
    assert "Account_2.csv" in rejected
    assert "raw_salesforce/opportunity" in failed
    assert webhook.url not in (done.stdout + done.stderr)
