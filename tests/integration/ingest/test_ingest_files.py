"""Files: known, rejected, acknowledged, unfinished; and what a failure leaves behind."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from orchestration.contracts import load_contracts
from orchestration.ingest import run
from orchestration.ingest.errors import IngestError
from orchestration.ingest.raw_tables import create_raw_tables
from orchestration.ingest.run import Progress, acknowledge, ingest_landing
from tests.integration.ingest.conftest import (
    DAY,
    STAMP,
    Office,
    account,
    csv_text,
    salesforce_id,
)

GOOD, BAD = f"salesforce/Account/{DAY}/good.csv", f"salesforce/Account/{DAY}/bad.csv"


def test_all_tables_exist_when_nothing_was_delivered(office: Office) -> None:
    result = office.ingest()
    assert (result.entries, result.known_files) == ((), 0)
    for contract in load_contracts().values():
        assert office.value(f"select count(*) from {contract.schema}.{contract.table}") == 0


def test_a_second_run_finds_nothing_new(office: Office) -> None:
    office.load(GOOD, [account(1)])
    result = office.ingest()
    assert (result.entries, result.known_files) == ((), 1)
    assert office.value("select count(*) from ops.load_ledger") == 1


def test_a_file_whose_time_has_changed_is_known_by_its_bytes(office: Office) -> None:
    office.load(GOOD, [account(1)])
    os.utime(office.settings.landing_folder / GOOD, (1, 1))
    assert office.ingest().entries == ()
    assert office.value("select count(*) from ops.load_ledger") == 1


def test_a_grown_file_is_read_again(office: Office) -> None:
    office.load(GOOD, [account(1)])
    entry = office.load(GOOD, [account(1), account(2)])
    assert (entry.rows.unchanged, entry.rows.new) == (1, 1)
    assert office.value("select sum(rows_read) from ops.load_ledger") == 3


def test_a_copy_beside_a_file_is_unchanged(office: Office) -> None:
    office.load(GOOD, [account(1)])
    entry = office.load(f"salesforce/Account/{DAY}/copy.csv", [account(1)])
    assert entry.status == "unchanged"


def test_a_rejected_file_does_not_stop_its_neighbours(office: Office) -> None:
    office.deliver(BAD, "<html>")
    office.deliver(GOOD, [account(1)])
    result = office.ingest()
    assert [entry.file_name for entry in result.rejected] == [BAD]
    assert (result.rejected[0].error or "").startswith(f"{BAD}: line 1: the header lacks")
    assert office.value("select count(*) from raw_salesforce.account") == 1


def test_a_rejected_file_is_tried_again_until_it_loads(office: Office) -> None:
    assert office.load(BAD, "Id;Name;SystemModstamp\n").status == "rejected"
    assert [entry.status for entry in office.ingest().entries] == ["rejected"]
    office.deliver(f"salesforce/Account/{DAY}/_profile.yaml", 'delimiter: ";"\n')
    assert [entry.status for entry in office.ingest().entries] == ["loaded"]
    assert office.query("select status, error from ops.load_ledger") == [("loaded", None)]


def test_an_acknowledged_file_is_no_longer_held_against_a_run(office: Office) -> None:
    office.load(BAD, "<html>")
    acknowledge(office.settings, office.connection, BAD)
    result = office.ingest()
    assert [entry.status for entry in result.entries] == ["rejected"]
    assert result.rejected == ()


def test_other_bytes_under_the_name_of_an_acknowledged_file_are_held_against_a_run(
    office: Office,
) -> None:
    office.load(BAD, "<html>")
    acknowledge(office.settings, office.connection, BAD)
    office.deliver(BAD, "<html><body>")
    assert len(office.ingest().rejected) == 1
    assert office.value("select count(*) from ops.load_ledger") == 1


def test_only_a_rejected_file_can_be_acknowledged(office: Office) -> None:
    office.load(GOOD, [account(1)])
    with pytest.raises(LookupError, match="neither a rejected file nor a full extract"):
        acknowledge(office.settings, office.connection, GOOD)


def test_a_rejected_file_that_is_taken_away_is_no_longer_listed(office: Office) -> None:
    office.load(GOOD, [account(1)])
    office.load(BAD, "<html>")
    (office.settings.landing_folder / BAD).unlink()
    (office.settings.landing_folder / GOOD).unlink()
    assert office.ingest().withdrawn == (BAD,)
    assert office.query("select file_name from ops.load_ledger") == [(GOOD,)]


def test_a_landing_folder_that_is_not_there_takes_no_rejection_away(office: Office) -> None:
    office.load(BAD, "<html>")
    acknowledge(office.settings, office.connection, BAD)
    office.settings.landing_folder.rename(office.home / "unmounted")
    assert office.ingest().withdrawn == ()
    assert office.value("select is_acknowledged from ops.load_ledger") is True


def test_deletions_are_inferred_when_the_rejected_part_of_an_extract_is_taken_away(
    office: Office,
) -> None:
    for day in ("2026-03-14", "2026-03-15"):
        office.deliver(f"salesforce/Account/{day}/_profile.yaml", "extract_mode: full\n")
    office.load(GOOD, [account(n) for n in range(1, 9)])
    office.deliver("salesforce/Account/2026-03-15/part.csv", "<html>")
    office.load("salesforce/Account/2026-03-15/a.csv", [account(n) for n in range(2, 9)])
    assert office.value("select count(*) from ops.deleted_record") == 0
    (office.settings.landing_folder / "salesforce/Account/2026-03-15/part.csv").unlink()
    office.ingest()
    assert office.value("select count(*) from ops.deleted_record") == 1


def test_another_archive_under_the_name_of_an_acknowledged_one_is_held_against_a_run(
    office: Office,
) -> None:
    name = f"salesforce/_bundle/{DAY}/WE.ZIP"
    office.load(name, b"PK\x03\x04 cut off")
    acknowledge(office.settings, office.connection, name)
    assert office.ingest().rejected == ()
    office.deliver(name, b"PK\x03\x04 cut off elsewhere")
    assert [entry.file_name for entry in office.ingest().rejected] == [name]


def test_damaged_parquet_files_are_rejected_wherever_the_damage_is(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "a.parquet"
    rows = ", ".join(f"('{salesforce_id('001', n)}', 'A', '{STAMP}')" for n in range(200))
    office.connection.execute(
        f'copy (from (values {rows}) as t("Id", "Name", "SystemModstamp")) to \'{path}\''
    )
    content = path.read_bytes()
    for number, place in enumerate(range(10, len(content), len(content) // 30)):
        day = f"2026-01-{number + 1:02}"
        damaged = content[:place] + bytes([content[place] ^ 0xFF] * 8) + content[place + 8 :]
        office.deliver(f"salesforce/Account/{day}/flipped.parquet", damaged)
        office.deliver(f"salesforce/Account/{day}/cut.parquet", content[:place])
    office.deliver(GOOD, [account(999)])
    result = office.ingest()
    cut = [entry for entry in result.entries if entry.file_name.endswith("cut.parquet")]
    assert len(cut) >= 30
    assert all("damaged" in (entry.error or "") for entry in cut)
    assert {e.file_name for e in result.entries if e.rows.new} >= {GOOD}


@pytest.mark.parametrize(
    ("problem", "is_damage"),
    [
        ('IO Error: Could not read enough bytes from file "{file}": expected 9, got 1', True),
        ('IO Error: Cannot open file "{file}": Too many open files', False),
        ('IO Error: Could not write file "{home}/tmp": No space left on device', False),
        ('IO Error: Could not write all bytes to file "{home}/tmp"', False),
    ],
)
def test_only_what_a_reader_does_not_find_in_a_file_is_damage(
    office: Office, monkeypatch: pytest.MonkeyPatch, problem: str, *, is_damage: bool
) -> None:
    path = office.deliver(BAD, [account(1)])
    said = problem.format(file=path, home=office.home)

    def fail(*_: object) -> None:
        raise duckdb.IOException(said)

    monkeypatch.setattr(run, "read_file", fail)
    if is_damage:
        (entry,) = office.ingest().rejected
        assert "is damaged, it cannot be read" in (entry.error or "")
    else:
        with pytest.raises(IngestError, match="through no fault of the file"):
            office.ingest()
        assert office.value("select count(*) from ops.load_ledger") == 0


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        ("encoding: [utf-8\n  x: : :\n", "the _profile.yaml beside it is no YAML"),
        ("just text\n", "must hold 'key: value' lines"),
        ("encoding: utf-99\n", "'utf-99' is no encoding"),
        ("delimeter: ';'\n", "'delimeter' is no key; known are encoding, delimiter"),
        ("timezone: Europe/Atlantis\n", "no IANA time zone"),
        ("decimal_mark: ','\nthousands_mark: ','\n", "must differ"),
    ],
)
def test_a_wrong_profile_rejects_its_files(office: Office, profile: str, reason: str) -> None:
    office.deliver(f"salesforce/Account/{DAY}/_profile.yaml", profile)
    entry = office.load(GOOD, [account(1)])
    assert entry.status == "rejected"
    assert reason in (entry.error or "")


@pytest.mark.parametrize(
    "name",
    [
        "Account[1].csv",
        "Acc*?.csv",
        'Bob\'s "new" file; drop table x--.csv',
        "--help.csv",
        "Khách hàng 客户.csv",
        "ACCOUNT.CSV",
        "year=2024/part-0.csv",
    ],
)
def test_any_name_is_read_as_that_file_alone(office: Office, name: str) -> None:
    office.deliver(f"salesforce/Account/{DAY}/Account1.csv", [account(1)])
    office.deliver(f"salesforce/Account/{DAY}/{name}", [account(2)])
    result = office.ingest()
    assert (result.rows.read, result.rows.new) == (2, 2)
    assert (
        office.value(
            "select count(*) from duckdb_columns() where table_name = 'account'"
            " and column_name = 'year'"
        )
        == 0
    )


def test_a_misplaced_file_is_rejected(office: Office) -> None:
    entry = office.load("salesforce/Account/a.csv", [account(1)])
    assert (entry.status, entry.source, entry.object) == ("rejected", "salesforce", "Account")
    assert "lies in no date folder" in (entry.error or "")
    office.ingest()
    assert office.value("select count(*) from ops.load_ledger") == 1


def test_a_form_that_is_not_supported_is_rejected(office: Office) -> None:
    entry = office.load(f"salesforce/Account/{DAY}/notes.docx", b"PK\x03\x04")
    assert "its form is not supported" in (entry.error or "")


def test_a_file_that_no_contract_describes_is_rejected_until_one_does(office: Office) -> None:
    entry = office.load(f"salesforce/Widget__c/{DAY}/a.csv", "Id\n1\n")
    assert (entry.status, entry.source, entry.object) == ("rejected", "salesforce", "Widget__c")
    assert "no contract describes salesforce/Widget__c" in (entry.error or "")


def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_run(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.deliver(GOOD, [account(1)])
    merge = run.merge_file

    def grow(*arguments: object) -> object:
        with path.open("a", encoding="utf-8") as file:
            file.write(csv_text([account(2)]).splitlines()[1] + "\n")
        return merge(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "merge_file", grow)
    result = office.ingest()
    assert (result.entries, result.unfinished) == ((), (GOOD,))
    assert office.value("select count(*) from raw_salesforce.account") == 0
    monkeypatch.undo()
    assert office.ingest().rows.new == 2


def test_a_file_that_is_taken_away_meanwhile_is_no_failure(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.deliver(GOOD, [account(1)])
    office.deliver(BAD, [account(2)])
    handled = run.handled_files

    def take_away(*arguments: duckdb.DuckDBPyConnection) -> set[tuple[str, int, int]]:
        path.unlink()
        return handled(*arguments)

    monkeypatch.setattr(run, "handled_files", take_away)
    result = office.ingest()
    assert (result.rejected, result.rows.new) == ((), 1)


def test_a_file_that_nobody_may_open_is_rejected(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, opened = office.deliver(GOOD, [account(1)]), Path.open

    def refuse(file: Path, *arguments: str, **options: str) -> object:
        if file == path:
            raise PermissionError(13, "Permission denied")
        return opened(file, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    (entry,) = office.ingest().rejected
    assert "cannot be opened: Permission denied" in (entry.error or "")


def test_a_failure_leaves_nothing_of_the_file_behind(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.load(GOOD, [account(1)])
    office.deliver(BAD, [account(2), account(1), account(3, AnnualRevenue="abc", Extra__c="1")])

    def fail(*arguments: object) -> None:
        raise duckdb.OutOfMemoryException("no memory left")

    monkeypatch.setattr(run.ledger, "record", fail)
    with pytest.raises(IngestError, match=f"{BAD}: could not be loaded, .* no memory left"):
        office.ingest()
    assert office.value("select count(*) from raw_salesforce.account") == 1
    assert office.quarantine() == []
    assert office.value("select count(*) from ops.load_ledger") == 1
    assert (
        office.value("select count(*) from ops.schema_change where column_name = 'Extra__c'") == 0
    )
    monkeypatch.undo()
    assert office.ingest().rows.new == 1


def test_scratch_files_do_not_stay(office: Office) -> None:
    (office.home / "warehouse" / "ingest-killed").mkdir()
    office.load(f"{GOOD}.gz", [account(1)])
    assert list((office.home / "warehouse").iterdir()) == []


def test_landing_is_never_written_to(office: Office) -> None:
    def state() -> dict[Path, tuple[int, bytes]]:
        files = sorted(office.settings.landing_folder.rglob("*.*"))
        return {f: (f.stat().st_mtime_ns, f.read_bytes()) for f in files if f.is_file()}

    office.deliver(GOOD, [account(1)])
    office.deliver(BAD, "<html>")
    before = state()
    office.ingest()
    assert state() == before


def test_progress_is_told_file_by_file(office: Office) -> None:
    office.deliver(BAD, "<html>")
    office.deliver(GOOD, [account(1)])
    told: list[Progress] = []
    ingest_landing(office.settings, office.connection, told.append)
    assert [(p.position, p.total, p.file_name, p.entry and p.entry.status) for p in told] == [
        (1, 2, BAD, None),
        (1, 2, BAD, "rejected"),
        (2, 2, GOOD, None),
        (2, 2, GOOD, "loaded"),
    ]


def test_a_raw_table_gains_the_columns_that_its_contract_gains(office: Office) -> None:
    contract = load_contracts()["salesforce", "UserRole"]
    office.connection.execute("create schema raw_salesforce")
    office.connection.execute("create table raw_salesforce._user_role (id VARCHAR)")
    create_raw_tables(office.connection, [contract])
    assert office.query("select parent_role_id, _row_hash from raw_salesforce.user_role") == []


def test_a_warehouse_of_an_older_form_is_told_and_left_alone(office: Office) -> None:
    office.connection.execute("create schema raw_salesforce")
    office.connection.execute("create table raw_salesforce.account (id VARCHAR, _row_hash VARCHAR)")
    with pytest.raises(IngestError, match="older warehouse: move the warehouse file away"):
        office.ingest()
    assert office.query("select table_name from duckdb_tables()") == [("account",)]


def test_what_a_killed_run_had_read_is_forgotten(office: Office) -> None:
    office.ingest()
    office.connection.execute("create table raw_salesforce.__staged as select 'x' as id")
    office.deliver(GOOD, [account(1)])
    office.ingest()
    assert office.value("select count(*) from raw_salesforce.account") == 1
    assert office.query("from duckdb_tables() where table_name like '%staged'") == []


def test_a_column_of_another_type_is_told_and_not_converted(office: Office) -> None:
    office.connection.execute("create schema raw_salesforce")
    office.connection.execute("create table raw_salesforce._account (annual_revenue DOUBLE)")
    with pytest.raises(IngestError, match=r"annual_revenue is DOUBLE, but .* DECIMAL"):
        office.ingest()


def test_the_ledger_refuses_counts_that_do_not_add_up(office: Office) -> None:
    office.ingest()
    with pytest.raises(duckdb.ConstraintException):
        office.connection.execute(
            "insert into ops.load_ledger (source, file_name, status, rows_read, rows_new,"
            " rows_changed, rows_unchanged, rows_duplicate, rows_quarantined, rows_deleted,"
            " rows_normalised, is_acknowledged, loaded_at)"
            " values ('s', 'f', 'loaded', 2, 1, 0, 0, 0, 0, 0, 0, false, now())"
        )
