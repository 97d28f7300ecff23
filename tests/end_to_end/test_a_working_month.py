"""One installation through good days and bad ones; each test goes on where the one before ended.

Another installation is given the same extracts in the opposite order, and has the same marts.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import duckdb
import pytest

from tests.conftest import Installation, Webhook
from tests.end_to_end.comparison import differing_marts
from tests.end_to_end.conftest import FIRST, SECOND, deliver

CHOICES = "business_timezone: Asia/Ho_Chi_Minh\nfiscal_year_start_month: 2\n"
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


@dataclass(frozen=True)
class FirstMonth:
    """What the first run printed, and a copy of what it published."""

    done: CompletedProcess[str]
    kept: Installation


@dataclass(frozen=True)
class SecondMonth:
    """What the second run, loading beside it and a reader of all that time printed."""

    done: CompletedProcess[str]
    process: int
    loading: CompletedProcess[str]
    reader: CompletedProcess[str]


def opened(home: Path) -> Installation:
    """An installation of a company that has made choices."""
    home.mkdir(exist_ok=True)
    (home / "company.yaml").write_text(CHOICES, encoding="utf-8")
    return Installation(home)


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Installation:
    return opened(tmp_path_factory.mktemp("home") / "Vận hành bán hàng")


@pytest.fixture(scope="module")
def first_month(installation, tmp_path_factory) -> FirstMonth:
    deliver(installation, FIRST)
    done = installation.salesops("run")
    kept = Installation(tmp_path_factory.mktemp("kept"))
    shutil.copytree(installation.home / "published", kept.home / "published", symlinks=True)
    return FirstMonth(done, kept)


@pytest.fixture(scope="module")
def second_month(first_month, installation, tmp_path_factory) -> SecondMonth:
    """The second extracts, one bad file among them, while readers ask and somebody else loads."""
    stop = tmp_path_factory.mktemp("reader") / "stop"
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(installation.published), str(stop)],
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(2)
    deliver(installation, SECOND)
    bad = installation.landing / "salesforce" / "Account" / SECOND / "Account_2.csv"
    bad.write_text("<html><body>Your session has expired</body></html>\n", encoding="utf-8")
    run = installation.start("run")
    while str(run.pid) not in (installation.home / "warehouse/reservation").read_text():
        time.sleep(0.1)
    loading = installation.salesops("ingest")
    output, error = run.communicate(timeout=600)
    time.sleep(2)
    stop.touch()
    seen, _ = reader.communicate(timeout=60)
    return SecondMonth(
        CompletedProcess(run.args, run.returncode, output, error),
        run.pid,
        loading,
        CompletedProcess(reader.args, reader.returncode, seen),
    )


@pytest.fixture(scope="module")
def backwards(tmp_path_factory) -> Installation:
    """An installation that is given the second extracts first."""
    installation = opened(tmp_path_factory.mktemp("backwards"))
    deliver(installation, SECOND)
    assert installation.salesops("ingest").returncode == 0
    deliver(installation, FIRST)
    done = installation.salesops("run")
    assert done.returncode == 0, done.stderr
    return installation


def version_of(installation: Installation) -> int:
    return installation.query("select max(version) from ops.publication")[0][0]


def forecast_lines(output: str) -> str:
    return re.search(r"Forecast +USD.+?(?=\nLook next)", output, re.DOTALL)[0]


def test_the_first_extracts_end_in_a_published_database_and_a_forecast(first_month, installation):
    done = first_month.done
    assert done.returncode == 0, done.stderr
    for step in ("Load extracts", "Check raw tables", "Build and test models", "Check marts"):
        assert f"✓ {step}" in done.stdout
    assert "new version 1" in done.stdout
    assert f"As of       {FIRST}" in done.stdout
    assert "Forecast    USD " in done.stdout
    assert installation.query("select count(*) > 1000 from marts.fct_opportunity") == [(True,)]
    assert (installation.home / "published/parquet/mart_rep_performance.parquet").exists()


def changed_tables(installation: Installation) -> list[tuple]:
    """Published tables that have had several contents, to explain a version nobody expected."""
    return installation.query(
        "select schema_name, table_name, list(row_count) from ops.publication_table"
        " group by all having count(distinct checksum) > 1 order by all"
    )


def test_running_again_changes_nothing_and_says_so(first_month, installation):
    before = installation.published.resolve()
    done = installation.salesops("run")
    assert done.returncode == 0, done.stderr
    assert "nothing new in landing" in done.stdout
    assert "nothing changed since version 1" in done.stdout, changed_tables(installation)
    assert installation.published.resolve() == before


def test_planted_bad_rows_are_in_quarantine_with_file_line_text_and_reason(
    first_month, installation
):
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


def test_a_bad_file_is_refused_while_the_others_are_published(second_month):
    done = second_month.done
    assert done.returncode == 3, done.stdout + done.stderr
    assert "rejected: salesforce/Account/2026-06-30/Account_2.csv" in done.stderr
    assert "new version 2" in done.stdout
    assert f"As of       {SECOND}" in done.stdout


def test_a_reader_goes_on_from_one_complete_version_to_the_next(second_month):
    assert second_month.reader.returncode == 0, "the reader failed"
    seen = json.loads(second_month.reader.stdout)
    assert set(seen) == {"1", "2"}
    for reads, different_counts in seen.values():
        assert reads > 0
        assert len(different_counts) == 1, "a version changed under its reader"


def test_loading_waits_for_a_run_that_is_under_way(second_month):
    waited_for = second_month.process
    assert f"Waiting for the run of process {waited_for} to end" in second_month.loading.stdout
    assert second_month.loading.returncode == 3


def test_status_names_the_refused_file_and_the_quarantined_rows(second_month, installation):
    done = installation.salesops("status")
    assert done.returncode == 0, done.stderr
    assert "Account_2.csv" in done.stdout.replace("\n", "")
    assert "quarantined" in done.stdout


def test_marts_do_not_depend_on_the_order_in_which_extracts_arrive(
    second_month, installation, backwards
):
    assert differing_marts(backwards, installation, as_of=SECOND) == {}


def test_a_past_date_gives_what_was_known_then(first_month, backwards):
    done = backwards.salesops("run", "--as-of", FIRST)
    assert done.returncode == 0, done.stderr
    assert differing_marts(first_month.kept, backwards, as_of=FIRST) == {}
    assert forecast_lines(done.stdout) == forecast_lines(first_month.done.stdout)
    for newest in (
        "select max(created_date) from marts.fct_opportunity",
        "select max(snapshot_date) from marts.mart_pipeline_daily",
    ):
        assert str(backwards.query(newest)[0][0]) <= FIRST


def test_a_failed_check_keeps_the_published_version_and_alerts_people(
    second_month, installation, webhook: Webhook
):
    before = version_of(installation)
    with duckdb.connect(str(installation.warehouse)) as warehouse:
        warehouse.execute("update raw_salesforce._opportunity set probability = 150")
    done = installation.salesops("run", SALESOPS_ALERT_WEBHOOK=webhook.url)
    assert done.returncode == 1
    assert "✗ Check raw tables" in done.stdout
    assert "raw_salesforce/opportunity" in done.stderr
    assert "What was published before stays as it is" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert version_of(installation) == before
    rejected, failed = (message["text"] for message in webhook.messages)
    assert "Account_2.csv" in rejected
    assert "raw_salesforce.opportunity" in failed
    assert "Money: " in failed
    assert (installation.home / "reports" / "quality.html").exists()
    assert webhook.url not in (done.stdout + done.stderr)
