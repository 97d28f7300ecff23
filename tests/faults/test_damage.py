"""A published file that was changed, and a write-ahead log that does not belong, are found."""

from __future__ import annotations

import random

import duckdb
import pytest

from orchestration.publish.inspection import inspect_published
from orchestration.publish.versions import StaleLogError, VersionStore
from orchestration.warehouse import WarehouseDamagedError, open_warehouse
from tests.figures import DAMAGE, STALE_LOG
from tests.publishing import Company, make_company

PLACES = 200


@pytest.fixture
def company(tmp_path) -> Company:
    company = make_company(tmp_path / "home")
    company.publish()
    return company


def test_a_file_that_was_cut_or_in_which_a_bit_was_turned_is_found_by_the_manifest(company, figure):
    store = VersionStore(company.settings.published_folder)
    files = sorted(file for file in store.folder(1).rglob("*") if file.is_file())
    assert len(files) == 4, "database, two Parquet files and the manifest itself"
    chance = random.Random(7)  # noqa: S311 - no secret
    found = figure(DAMAGE, PLACES)
    for place in range(PLACES):
        file = files[place % len(files)]
        content = file.read_bytes()
        at = chance.randrange(len(content) - 1)
        damaged = bytearray(content)
        damaged[at] ^= 1 << chance.randrange(8)
        file.chmod(0o644)
        file.write_bytes(content[:at] if place % 3 == 0 else damaged)
        (finding,) = inspect_published(store)
        assert finding.what == f"not as it was written: {file.relative_to(store.folder(1))}"
        assert store.intact(1) is None
        file.write_bytes(content)
        found.reach()
    assert list(inspect_published(store)) == []


def test_a_stale_log_is_found_and_never_merged(company, figure):
    found = figure(STALE_LOG, 3)
    store = VersionStore(company.settings.published_folder)
    for folder in (store.published, store.folder(1)):
        log = folder / "salesops.duckdb.wal"
        log.write_bytes(b"left by a killed writer")
        company.set_amounts(3)
        with pytest.raises(StaleLogError, match="delete this file"):
            company.publish()
        assert store.current_number() == 1
        log.unlink()
        found.reach()
    file = company.settings.warehouse_file
    other = duckdb.connect(str(file.with_name("other.duckdb")))
    other.execute("create table left_over as select 1 as x")
    stale = file.with_name("other.duckdb.wal").read_bytes()
    other.close()
    file.with_name(f"{file.name}.wal").write_bytes(stale)
    with (
        pytest.raises(WarehouseDamagedError, match=r"WAL.*`salesops doctor` says what to do"),
        open_warehouse(company.settings),
    ):
        pass
    file.with_name(f"{file.name}.wal").unlink()
    with open_warehouse(company.settings) as warehouse:
        tables = warehouse.execute("select count(*) from duckdb_tables()").fetchall()
        assert (
            warehouse.execute("from duckdb_tables() where table_name = 'left_over'").fetchall()
            == []
        )
    assert tables[0][0] > 0
    found.reach()
