"""Deletions: what full extracts no longer hold, and when that is not believed."""

from __future__ import annotations

from itertools import permutations

import pytest

from orchestration.ingest.run import acknowledge
from tests.integration.ingest.conftest import Office, account, salesforce_id

FIRST, SECOND, THIRD = "2026-03-01", "2026-03-02", "2026-03-03"


def _deliver(
    office: Office, day: str, numbers: range | list[int], name: str = "a.csv", mode: str = "full"
) -> None:
    office.deliver(f"salesforce/Account/{day}/_profile.yaml", f"extract_mode: {mode}\n")
    office.deliver(f"salesforce/Account/{day}/{name}", [account(n) for n in numbers])


def _deleted(office: Office) -> list[tuple[str, str]]:
    return office.query(
        "select record_key, deleted_date::varchar from ops.deleted_record order by all"
    )


def test_a_record_that_a_full_extract_no_longer_holds_is_deleted(office: Office) -> None:
    _deliver(office, FIRST, range(12))
    _deliver(office, SECOND, range(11))
    first, second = office.ingest().entries
    assert _deleted(office) == [(salesforce_id("001", 11), SECOND)]
    assert (first.rows.deleted, second.rows.deleted) == (0, 1)
    assert office.value("select count(*) from raw_salesforce.account") == 12


def test_an_incremental_extract_deletes_nothing(office: Office) -> None:
    _deliver(office, FIRST, range(12))
    _deliver(office, SECOND, [12], mode="incremental")
    office.ingest()
    assert _deleted(office) == []


def test_a_full_extract_that_lost_too_many_is_not_believed(office: Office) -> None:
    _deliver(office, FIRST, range(12))
    _deliver(office, SECOND, range(3))
    _, second = office.ingest().entries
    assert _deleted(office) == []
    assert second.status == "loaded"
    assert "9 of 12 records known before are missing" in "\n".join(second.warnings)


def test_what_is_not_believed_can_be_acknowledged(office: Office) -> None:
    _deliver(office, FIRST, range(12))
    _deliver(office, SECOND, range(3))
    office.ingest()
    acknowledge(office.settings, office.connection, f"salesforce/Account/{SECOND}/a.csv")
    assert len(_deleted(office)) == 9
    assert "missing" not in office.value(
        f"select coalesce(warnings, '') from ops.load_ledger where extract_date = '{SECOND}'"
    ).replace("missing column", "")


def test_the_parts_of_a_full_extract_belong_together(office: Office) -> None:
    _deliver(office, FIRST, range(12))
    _deliver(office, SECOND, range(6), "part-1.csv")
    _deliver(office, SECOND, range(6, 11), "part-2.csv")
    office.ingest()
    assert _deleted(office) == [(salesforce_id("001", 11), SECOND)]


def test_parts_that_come_one_by_one_end_in_the_same_deletions(office: Office) -> None:
    _deliver(office, FIRST, range(12))
    _deliver(office, SECOND, range(6), "part-1.csv")
    office.ingest()
    assert _deleted(office) == []
    _deliver(office, SECOND, range(6, 11), "part-2.csv")
    office.ingest()
    assert _deleted(office) == [(salesforce_id("001", 11), SECOND)]
    assert office.query(
        "select sum(rows_deleted), count(*) filter (where warnings like '%vanished%')"
        " from ops.load_ledger"
    ) == [(1, 0)]


def test_a_record_that_comes_back_is_not_deleted(office: Office) -> None:
    _deliver(office, FIRST, range(12))
    _deliver(office, SECOND, range(11))
    _deliver(office, THIRD, [11], mode="incremental")
    office.ingest()
    assert _deleted(office) == []


@pytest.mark.parametrize("order", list(permutations((FIRST, SECOND, THIRD))), ids="-".join)
def test_deletions_do_not_depend_on_the_order_of_arrival(
    office: Office, order: tuple[str, ...]
) -> None:
    held = {FIRST: range(12), SECOND: range(11), THIRD: range(10)}
    for day in order:
        _deliver(office, day, held[day])
        office.ingest()
    assert _deleted(office) == [
        (salesforce_id("001", 10), THIRD),
        (salesforce_id("001", 11), SECOND),
    ]
    assert office.query(
        "select extract_date::varchar, rows_deleted from ops.load_ledger order by 1"
    ) == [(FIRST, 0), (SECOND, 1), (THIRD, 1)]


def test_the_same_full_extract_again_deletes_nothing(office: Office) -> None:
    _deliver(office, FIRST, range(12))
    office.ingest()
    _deliver(office, SECOND, range(12))
    (entry,) = office.ingest().entries
    assert (entry.status, _deleted(office)) == ("unchanged", [])


def test_a_key_of_several_columns_is_joined(office: Office) -> None:
    rows = [
        {"date": FIRST, "customer_id": "1", "campaign_id": str(n), "clicks": "5"} for n in range(4)
    ]
    for day, held in ((FIRST, rows), (SECOND, rows[:3])):
        office.deliver(f"google_ads/campaign_daily/{day}/_profile.yaml", "extract_mode: full\n")
        office.deliver(f"google_ads/campaign_daily/{day}/c.csv", held)
    office.ingest()
    assert _deleted(office) == [(f"{FIRST}|1|3", SECOND)]


def test_a_record_in_the_recycle_bin_is_a_version_like_another(office: Office) -> None:
    office.load(f"salesforce/Account/{FIRST}/a.csv", [account(1, IsDeleted="false")])
    entry = office.load(
        f"salesforce/Account/{SECOND}/a.csv",
        [account(1, IsDeleted="true", MasterRecordId=salesforce_id("001", 2))],
    )
    assert entry.rows.changed == 1
    assert _deleted(office) == []


def test_a_record_that_was_refused_is_not_taken_for_deleted(office: Office) -> None:
    _deliver(office, FIRST, range(12))
    _deliver(office, SECOND, range(11))
    bad = account(11, IsDeleted="maybe")
    office.deliver(f"salesforce/Account/{SECOND}/b.csv", [bad])
    office.ingest()
    assert _deleted(office) == []
    assert "rows or files of it were refused" in office.value(
        f"select string_agg(warnings, ' ') from ops.load_ledger where extract_date = '{SECOND}'"
    )


def test_records_of_a_rejected_part_are_not_taken_for_deleted(office: Office) -> None:
    _deliver(office, FIRST, range(12))
    _deliver(office, SECOND, range(11))
    office.deliver(f"salesforce/Account/{SECOND}/b.csv", "<html>expired</html>\n")
    assert len(office.ingest().rejected) == 1
    assert _deleted(office) == []


def test_what_was_refused_is_not_deleted_by_the_same_bytes_of_the_next_day(office: Office) -> None:
    _deliver(office, FIRST, range(12))
    refused = [account(n, AnnualRevenue="?" if n == 5 else "1") for n in range(12)]
    for day in (SECOND, THIRD):
        office.deliver(f"salesforce/Account/{day}/_profile.yaml", "extract_mode: full\n")
        office.deliver(f"salesforce/Account/{day}/a.csv", refused)
    *_, third = office.ingest().entries
    assert third.status == "unchanged"
    assert _deleted(office) == []
    assert "1 of 12 records known before are missing" in "\n".join(third.warnings)


def _copied(number: int, mark: str, **values: str) -> dict[str, str]:
    """An account as Fivetran writes it from Snowflake."""
    return {"_FIVETRAN_DELETED": mark} | account(number, **values)


@pytest.mark.parametrize("order", list(permutations([FIRST, SECOND, THIRD])))
def test_a_record_that_a_tool_marks_as_deleted_is_deleted_until_it_comes_back(
    office: Office, order: tuple[str, ...]
) -> None:
    extracts = {
        FIRST: [_copied(n, "false") for n in (1, 2, 3)],
        SECOND: [_copied(1, "TRUE"), _copied(2, "true")],
        THIRD: [_copied(1, "true", Name="Renamed"), _copied(2, "false")],
    }
    for day in order:
        office.load(f"salesforce/Account/{day}/a.csv", extracts[day])
    assert _deleted(office) == [(salesforce_id("001", 1), SECOND)]
    assert office.query("select * from ops.schema_change where column_name ilike '%deleted'") == [
        ("salesforce", "Account", "IsDeleted", "missing column, NULL in this extract",
         *office.query("select min(extract_date), max(extract_date) from ops.load_ledger")[0])
    ]  # fmt: skip


def test_a_marked_record_that_is_then_missing_was_deleted_when_it_was_marked(
    office: Office,
) -> None:
    for day, rows in {
        FIRST: [_copied(n, "false") for n in (1, 2, 3, 4)],
        SECOND: [_copied(1, "true"), *(_copied(n, "false") for n in (2, 3, 4))],
        THIRD: [_copied(n, "false") for n in (2, 3, 4)],
    }.items():
        office.deliver(f"salesforce/Account/{day}/_profile.yaml", "extract_mode: full\n")
        office.load(f"salesforce/Account/{day}/a.csv", rows)
    assert _deleted(office) == [(salesforce_id("001", 1), SECOND)]
