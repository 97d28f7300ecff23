from __future__ import annotations

import subprocess
import sys
import threading

import duckdb
import pytest

from orchestration.published import open_published
from orchestration.settings import Settings
from orchestration.warehouse import (
    WarehouseBusyError,
    WarehouseDamagedError,
    open_warehouse,
    reserve_warehouse,
)

HOLDER = """
import sys, time
from pathlib import Path
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse, reserve_warehouse
settings = Settings(home=Path(sys.argv[1]))
with reserve_warehouse(settings, tell=print):
    if sys.argv[2] == "open":
        with open_warehouse(settings):
            print("ready", flush=True)
            time.sleep(60)
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def hold(tmp_path):
    """Start another process that reserves or opens the warehouse, and end it in the end."""
    processes = []

    def start(how: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(tmp_path), how], stdout=subprocess.PIPE, text=True
        )
        processes.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_second_run_is_told_whom_it_waits_for_and_goes_on_when_that_ends(tmp_path, hold):
    other = hold("reserve")
    told = []

    def tell(text: str) -> None:
        told.append(text)
        threading.Timer(0.1, other.kill).start()

    with reserve_warehouse(Settings(home=tmp_path), tell=tell, wait_seconds=30):
        pass
    assert told == [f"Waiting for the run of process {other.pid} to end ..."]


def test_a_run_that_may_not_wait_longer_says_who_is_in_the_way(tmp_path, hold):
    other = hold("reserve")
    with (
        pytest.raises(WarehouseBusyError, match=f"process {other.pid}"),
        reserve_warehouse(Settings(home=tmp_path), tell=lambda _: None, wait_seconds=0),
    ):
        pass


def test_an_open_warehouse_is_busy_to_others(tmp_path, hold):
    hold("open")
    with (
        pytest.raises(WarehouseBusyError, match="in use by another process"),
        open_warehouse(Settings(home=tmp_path), wait_seconds=0),
    ):
        pass


def test_a_damaged_warehouse_is_not_taken_for_a_busy_one(tmp_path):
    settings = Settings(home=tmp_path / "block")
    settings.warehouse_file.parent.mkdir(parents=True)
    settings.warehouse_file.write_bytes(b"no database" * 1000)
    with (
        pytest.raises(WarehouseDamagedError, match="does not open: IO Error"),
        open_warehouse(settings, wait_seconds=30),
    ):
        pass


def test_two_readers_of_one_process_may_have_the_published_database_open(tmp_path):
    settings = Settings(home=tmp_path)
    settings.published_folder.mkdir(parents=True)
    with duckdb.connect(str(settings.published_file)) as database:
        database.execute("create table deal as select 1 as amount")
    with open_published(settings) as one, open_published(settings) as other:
        for reader in (one, other):
            assert reader.execute("select current_setting('TimeZone')").fetchall() == [("UTC",)]
            with pytest.raises(duckdb.Error, match="lock"):
                reader.execute("set memory_limit = '1GB'")
