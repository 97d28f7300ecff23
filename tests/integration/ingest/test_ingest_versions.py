"""Versions: the raw tables do not depend on how, when and how often extracts arrive."""

from __future__ import annotations

import datetime as dt
import tempfile
from itertools import permutations
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.ingest.conftest import DAY, Office, account, csv_text, opportunity

NEXT_DAY = "2026-03-15"


def _place(day: str, name: str = "a.csv") -> str:
    return f"salesforce/Account/{day}/{name}"


def _versions(office: Office) -> list[tuple[str, dt.date, dt.date]]:
    """Name, first and last extract date of every version of every account."""
    return office.query(
        "select name, _first_extract_date::varchar, _last_extract_date::varchar"
        " from raw_salesforce.account order by all"
    )


def test_a_changed_record_is_another_version(office: Office) -> None:
    office.load(_place("2026-03-01"), [account(1, Name="Old"), account(2)])
    entry = office.load(_place("2026-03-02"), [account(1, Name="New"), account(2), account(3)])
    assert (entry.rows.new, entry.rows.changed, entry.rows.unchanged) == (1, 1, 1)
    assert _versions(office) == [
        ("Company 2", "2026-03-01", "2026-03-02"),
        ("Company 3", "2026-03-02", "2026-03-02"),
        ("New", "2026-03-02", "2026-03-02"),
        ("Old", "2026-03-01", "2026-03-01"),
    ]


def test_an_older_extract_that_arrives_late_takes_its_place(office: Office) -> None:
    office.load(_place("2026-03-02"), [account(1, Name="New"), account(2)])
    entry = office.load(_place("2026-03-01"), [account(1, Name="Old"), account(2)])
    assert (entry.rows.new, entry.rows.changed, entry.rows.unchanged) == (0, 1, 1)
    assert _versions(office) == [
        ("Company 2", "2026-03-01", "2026-03-02"),
        ("New", "2026-03-02", "2026-03-02"),
        ("Old", "2026-03-01", "2026-03-01"),
    ]


def test_a_state_that_comes_back_counts_again(office: Office) -> None:
    for day, name in (("2026-03-01", "A"), ("2026-03-02", "B"), ("2026-03-03", "A")):
        office.load(_place(day), [account(1, Name=name)])
    assert _versions(office) == [
        ("A", "2026-03-01", "2026-03-03"),
        ("B", "2026-03-02", "2026-03-02"),
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_the_same_bytes_with_others_between_them_count_in_any_order(
    office: Office, order: tuple[int, ...]
) -> None:
    extracts = [("2026-03-01", "A"), ("2026-03-02", "B"), ("2026-03-03", "A")]
    for place in order:
        day, name = extracts[place]
        office.load(_place(day), [account(1, Name=name)])
    assert _versions(office) == [
        ("A", "2026-03-01", "2026-03-03"),
        ("B", "2026-03-02", "2026-03-02"),
    ]


def test_dates_of_a_version_are_the_first_and_the_last_that_it_was_seen(office: Office) -> None:
    office.load(_place("2026-03-02"), [account(1), account(2)])
    office.load(_place("2026-03-01"), [account(2), account(3)])
    office.load(_place("2026-03-04"), [account(2), account(4)])
    assert _versions(office) == [
        ("Company 1", "2026-03-02", "2026-03-02"),
        ("Company 2", "2026-03-01", "2026-03-04"),
        ("Company 3", "2026-03-01", "2026-03-01"),
        ("Company 4", "2026-03-04", "2026-03-04"),
    ]


def test_the_same_bytes_on_the_next_day_are_not_read_but_noted(office: Office) -> None:
    office.load(_place(DAY), [account(1), account(2)])
    entry = office.load(_place(NEXT_DAY), [account(1), account(2)])
    assert (entry.status, entry.rows.read) == ("unchanged", 0)
    assert {last for _, _, last in _versions(office)} == {NEXT_DAY}


def test_the_same_bytes_written_otherwise_are_read(office: Office) -> None:
    rows = [account(1, CreatedDate="2026-03-04 10:00:00")]
    office.deliver(f"salesforce/Account/{DAY}/_profile.yaml", "timezone: UTC\n")
    office.deliver(f"salesforce/Account/{NEXT_DAY}/_profile.yaml", "timezone: Asia/Ho_Chi_Minh\n")
    office.load(_place(DAY), rows)
    entry = office.load(_place(NEXT_DAY), rows)
    assert (entry.status, entry.rows.changed) == ("loaded", 1)


def test_the_same_rows_in_other_bytes_are_unchanged(office: Office) -> None:
    rows = [account(1), account(2), account(3)]
    office.load(_place(DAY), rows)
    backwards = [dict(reversed(row.items())) for row in reversed(rows)]
    entry = office.load(_place(NEXT_DAY, "b.csv.gz"), csv_text(backwards, end="\r\n"))
    assert (entry.rows.unchanged, entry.rows.new, entry.rows.changed) == (3, 0, 0)


def test_a_column_that_is_always_empty_makes_no_new_version(office: Office) -> None:
    office.load(_place(DAY), [account(1)])
    entry = office.load(_place(NEXT_DAY), [account(1, Industry="", Shoe_Size__c="")])
    assert entry.rows.unchanged == 1


def test_a_changed_unknown_column_is_another_version(office: Office) -> None:
    office.load(_place(DAY), [account(1, Shoe_Size__c="44")])
    entry = office.load(_place(NEXT_DAY), [account(1, Shoe_Size__c="45")])
    assert entry.rows.changed == 1


def test_a_row_twice_in_a_file_is_one_version(office: Office) -> None:
    entry = office.load(_place(DAY), [account(1), account(2), account(1), account(1)])
    assert (entry.rows.new, entry.rows.duplicate) == (2, 2)


def test_rows_shared_by_two_files_of_a_day_are_unchanged_in_the_second(office: Office) -> None:
    office.deliver(_place(DAY, "1.csv"), [account(1), account(2)])
    office.deliver(_place(DAY, "2.csv"), [account(2), account(3)])
    first, second = office.ingest().entries
    assert (first.rows.new, second.rows.new, second.rows.unchanged) == (2, 1, 1)


def test_two_states_of_a_record_in_one_file_are_two_versions(office: Office) -> None:
    entry = office.load(
        _place(DAY),
        [account(1, Name="Old"), account(1, Name="New", SystemModstamp="2026-03-02T08:00:00Z")],
    )
    assert (entry.rows.new, entry.rows.changed) == (1, 1)


def test_rows_that_contradict_each_other_are_all_held(office: Office) -> None:
    entry = office.load(
        _place(DAY), [account(1), account(2), account(1, Name="Other"), account(2), account(1)]
    )
    assert (entry.rows.new, entry.rows.duplicate, entry.rows.quarantined) == (1, 1, 3)
    held = office.quarantine()
    assert [line for line, _, _ in held] == [2, 4, 6]
    assert "other rows of the file have the same key and SystemModstamp" in held[0][2]
    assert held[1][1].split(",")[1] == "Other"


def test_without_a_watermark_two_contents_of_one_key_contradict(office: Office) -> None:
    rows = [
        {"date": DAY, "customer_id": "1", "campaign_id": "7", "clicks": clicks}
        for clicks in ("5", "6")
    ]
    entry = office.load(f"google_ads/campaign_daily/{DAY}/c.csv", rows)
    assert entry.rows.quarantined == 2


def test_a_corrected_row_is_loaded_when_it_comes_again(office: Office) -> None:
    office.load(_place(DAY), [account(1), account(2, AnnualRevenue="abc")])
    entry = office.load(_place(NEXT_DAY), [account(1), account(2)])
    assert (entry.rows.unchanged, entry.rows.new) == (1, 1)


# A few versions of a few records on four days, cut into files, some of them delivered twice.
_DAYS = ("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04")
_ROWS = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from("AB")),
    max_size=4,
    unique_by=lambda row: row[0],
)
_EXTRACTS = st.lists(st.tuples(st.sampled_from(_DAYS), _ROWS.map(tuple)), min_size=1, max_size=6)


@settings(max_examples=15, deadline=None)
@given(extracts=_EXTRACTS, data=st.data())
def test_any_order_of_any_files_gives_the_same_tables(
    extracts: list[tuple[str, tuple[tuple[int, str], ...]]], data: st.DataObject
) -> None:
    files = {
        _place(day, f"{number}.csv"): csv_text(
            [account(0), *(account(key, Name=name) for key, name in rows)]
        )
        for number, (day, rows) in enumerate(extracts)
    }
    order = data.draw(st.permutations(list(files)))
    cuts = data.draw(st.sets(st.integers(1, len(order))))
    in_one_go = _loaded(files, [list(files)])
    ends = sorted(cuts | {len(order)})
    runs = [order[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert _loaded(files, runs) == in_one_go


def _loaded(files: dict[str, str], runs: list[list[str]]) -> object:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        (Path(folder) / "warehouse").mkdir()
        office = Office(Path(folder), connection)
        for run in runs:
            for name in run:
                office.deliver(name, files[name])
            office.ingest()
        assert {name for (name,) in office.query("from ops.load_ledger select file_name")} == set(
            files
        )
        return office.query(
            "select * exclude (_file_name, _line_number, _loaded_at)"
            " from raw_salesforce.account order by _row_hash"
        )


def test_an_extract_cut_into_parts_gives_the_same_table(office: Office) -> None:
    rows = [opportunity(n) for n in range(1, 7)]
    for part in range(3):
        office.deliver(
            f"salesforce/Opportunity/{DAY}/part-{part}.csv", rows[2 * part : 2 * part + 2]
        )
    office.ingest()
    in_parts = office.query("select id, _row_hash from raw_salesforce.opportunity order by id")
    whole = Office(office.home / "other", duckdb.connect())
    (whole.home / "warehouse").mkdir(parents=True)
    whole.load(f"salesforce/Opportunity/{DAY}/all.csv", rows)
    assert in_parts == whole.query(
        "select id, _row_hash from raw_salesforce.opportunity order by id"
    )
