"""Quarantine: what is kept of refused records, how it is shown, and how it comes out again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orchestration.contracts import Contract, ContractField, load_contracts
from orchestration.ingest import retry, run
from orchestration.ingest.refused import (
    Selection,
    count_refused,
    export_refused,
    refused_groups,
    refused_records,
)
from orchestration.ingest.retry import RetriedFile, retry_quarantined
from tests.integration.ingest.conftest import (
    DAY,
    STAMP,
    Office,
    account,
    csv_text,
    opportunity,
    salesforce_id,
)

ACCOUNTS = f"salesforce/Account/{DAY}/a.csv"
DEALS = f"salesforce/Opportunity/{DAY}/deals.csv"
EVERYTHING = Selection()

Correct = Callable[..., None]


@pytest.fixture
def correct(monkeypatch: pytest.MonkeyPatch) -> Correct:
    """Changes one field of a contract from now on, as a person does who edits its file."""

    def change(place: tuple[str, str], column: str, **changes: Any) -> None:
        contracts = load_contracts()
        contract = contracts[place]

        def changed(field: ContractField) -> ContractField:
            return replace(field, **changes) if field.column == column else field

        fields = tuple(changed(field) for field in contract.fields)
        corrected: Mapping[tuple[str, str], Contract] = contracts | {
            place: replace(contract, fields=fields)
        }
        for module in (run, retry):
            monkeypatch.setattr(module, "load_contracts", lambda *_: corrected)

    return change


def try_again(office: Office, selection: Selection = EVERYTHING) -> list[RetriedFile]:
    return retry_quarantined(office.settings, office.connection, selection)


def loaded(office: Office) -> list[tuple[Any, ...]]:
    """Everything that loading left, but for the time at which it did."""
    raw = office.query("select * exclude _loaded_at from raw_salesforce.opportunity order by all")
    return raw + office.query(
        "select * exclude (loaded_at, warnings) from ops.load_ledger order by all"
    )


def test_a_refused_record_is_kept_as_it_stands_in_the_file(office: Office) -> None:
    header = "Id,Name,AnnualRevenue,SystemModstamp\r\n"
    good = f'{salesforce_id("001", 1)},"Two\r\nlines",1,{STAMP}\r\n'
    bad = f'"{salesforce_id("001", 2)}","A ""quoted"", two\r\nline name","abc",{STAMP}'
    other = good.replace("Two", "Zwei")
    office.load(ACCOUNTS, f"{header}{good}\r\n{bad}\r\n{other}")
    kept = [(line, text) for line, text, _ in office.quarantine()]
    assert kept == [(2, good[:-2]), (5, bad), (7, other[:-2])]
    assert "AnnualRevenue 'abc' is not a number" in office.quarantine()[1][2]


def test_a_refused_json_record_is_its_line(office: Office) -> None:
    path = f"salesforce/Account/{DAY}/a.jsonl"
    good = f'{{"Id": "{salesforce_id("001", 1)}", "Name": "A", "SystemModstamp": "{STAMP}"}}'
    bad = good.replace("001Q", "002Q").replace('"A"', '  "A" , "AnnualRevenue":"x"')
    office.load(path, f"{good}\n\n{bad}\n")
    ((line, text, _),) = office.quarantine()
    assert (line, text) == (3, bad)


def test_rules_money_and_key_of_a_refused_record_are_kept(office: Office) -> None:
    rows = [
        opportunity(1, CloseDate="30.06.2026", CurrencyIsoCode="EUR"),
        opportunity(2, Amount="1,5", StageName="", CurrencyIsoCode="EUR"),
        opportunity(3, CurrencyIsoCode="EUR"),
    ]
    office.load(DEALS, rows)
    assert office.query(
        "select record_key, amount, currency_code, rules from ops.quarantined_row order by all"
    ) == [
        (salesforce_id("006", 1), Decimal("100.00"), "EUR", ["close_date_is_a_date"]),
        (salesforce_id("006", 2), None, "EUR", ["stage_name_is_present", "amount_is_a_number"]),
    ]


def test_reasons_do_not_quote_what_tells_something_about_a_person(office: Office) -> None:
    path = f"salesforce/Contact/{DAY}/c.csv"
    row = {
        "Id": salesforce_id("003", 1),
        "LastName": "Lovelace",
        "Email": "ada.lovelace@example.com" * 20,
        "SystemModstamp": STAMP,
    }
    office.load(path, [row])
    ((_, text, reasons),) = office.quarantine()
    assert "lovelace" in text
    assert reasons.startswith("Email [withheld] has more than")
    assert "lovelace" not in reasons


def test_a_header_in_the_middle_of_a_file_is_one_reason(office: Office) -> None:
    text = csv_text([opportunity(1)])
    office.load(DEALS, text + text.replace(salesforce_id("006", 1), salesforce_id("006", 2)))
    ((line, _, reasons),) = office.quarantine()
    assert line == 3
    assert reasons.startswith("the line repeats the header")


def test_a_pattern_is_explained_by_what_the_column_is(office: Office) -> None:
    office.load(DEALS, [opportunity(1, CurrencyIsoCode="US$")])
    ((_, _, reasons),) = office.quarantine()
    described = load_contracts()["salesforce", "Opportunity"].by_column["currency_iso_code"]
    assert reasons.startswith("CurrencyIsoCode 'US$' is not written as expected (pattern ")
    assert reasons.endswith(f"It should be: {described.description}")


def test_groups_count_records_and_money_by_object_and_rule(office: Office) -> None:
    office.load(
        DEALS,
        [
            opportunity(1, CloseDate="soon", CurrencyIsoCode="EUR"),
            opportunity(2, CloseDate="later", StageName="", CurrencyIsoCode="USD"),
            opportunity(3, CloseDate="x", Amount="y", CurrencyIsoCode="USD"),
        ],
    )
    office.load(ACCOUNTS, [account(1, AnnualRevenue="abc"), account(2)])
    groups, total = refused_groups(office.connection, EVERYTHING, limit=2)
    assert total == 4
    assert [(g.object, g.rule, g.records, g.files, dict(g.amounts)) for g in groups] == [
        ("Opportunity", "close_date_is_a_date", 3, 1, {"EUR": 100, "USD": 200}),
        ("Account", "annual_revenue_is_a_number", 1, 1, {}),
    ]
    assert groups[0].example.startswith("CloseDate 'later' is not a date")
    only, _ = refused_groups(office.connection, Selection(object="Account"), limit=9)
    assert [group.object for group in only] == ["Account"]
    assert count_refused(office.connection, EVERYTHING) == 4


def test_records_are_shown_by_file_and_line_in_pages(office: Office) -> None:
    office.load(DEALS, [opportunity(n, Amount="?") for n in range(1, 6)])
    page = refused_records(office.connection, Selection(file_name=DEALS), limit=2, offset=2)
    assert [record.line_number for record in page] == [4, 5]
    (one,) = refused_records(office.connection, EVERYTHING, line=3)
    assert one.record_key == salesforce_id("006", 2)
    assert one.raw_text.startswith(f"{salesforce_id('006', 2)},Deal 2,Prospecting,?,")


def test_an_export_names_personal_columns_and_holds_no_formula(
    office: Office, tmp_path: Path
) -> None:
    row = {"Name": "Eve", "Email": "eve@example.com", "SystemModstamp": STAMP}
    office.load(
        f"salesforce/Contact/{DAY}/c.csv",
        csv_text([{"LastName": "=cmd()", "Id": salesforce_id("003", 1), "Phone": "x" * 300} | row]),
    )
    office.load(ACCOUNTS, [account(1, AnnualRevenue="-")])
    target = tmp_path / "mend.csv"
    count, personal = export_refused(office.connection, EVERYTHING, load_contracts(), target)
    assert count == 2
    assert list(personal) == ["salesforce/Contact"]
    assert {"LastName", "Email", "Phone"} <= set(personal["salesforce/Contact"])
    assert target.stat().st_mode & 0o077 == 0
    text = target.read_text(encoding="utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    assert first["record"] == salesforce_id("001", 1)
    assert first["personal data"] == ""
    assert "Phone" in second["personal data"]
    assert second["record as read"].startswith("'=cmd(),")
    assert second["what is wrong"].startswith("Phone [withheld] has more than")


def test_a_record_that_a_corrected_contract_accepts_is_loaded_as_if_read_so_at_first(
    office: Office, correct: Correct
) -> None:
    rows = [
        opportunity(1),
        opportunity(2, Name="N" * 300, Amount="abc"),
        opportunity(3, Name='M", "' * 100, Surprise__c="kept"),
        opportunity(3, Name='M", "' * 100, Surprise__c="kept"),
        opportunity(4, Name="L\n" * 200),
    ]
    rows = [{"Surprise__c": ""} | row for row in rows]
    office.load(DEALS, rows)
    assert office.value("select count(*) from ops.quarantined_row") == 4
    correct(("salesforce", "Opportunity"), "name", max_length=1000)
    (result,) = try_again(office)
    assert (result.rows.read, result.rows.new, result.rows.duplicate, result.rows.quarantined) == (
        4,
        2,
        1,
        1,
    )
    ((line, _, reasons),) = office.quarantine()
    assert line == 3
    assert reasons.startswith("Amount 'abc' is not a number")
    after_retry = loaded(office)
    for table in ("raw_salesforce._opportunity", "ops.load_ledger", "ops.quarantined_row"):
        office.connection.execute(f"delete from {table}")
    office.ingest()
    assert loaded(office) == after_retry
    assert office.value("select max(_line_number) from raw_salesforce.opportunity") == 6


@pytest.mark.parametrize("form", ["jsonl", "csv.gz"])
def test_records_of_other_forms_can_be_tried_again(
    office: Office, correct: Correct, form: str
) -> None:
    if form == "jsonl":
        content = (
            '{"id": "7", "properties": {"dealname": "' + "N" * 2000 + '", "amount": "5"},'
            f' "createdAt": "{STAMP}", "updatedAt": "{STAMP}", "archived": false}}\n'
        )
        path, place, column = f"hubspot/deals/{DAY}/d.jsonl", ("hubspot", "deals"), "dealname"
    else:
        content = csv_text([account(1, Name="N" * 2000)], delimiter=";")
        office.deliver(f"salesforce/Account/{DAY}/_profile.yaml", "delimiter: ';'\n")
        path, place, column = f"{ACCOUNTS}.gz", ("salesforce", "Account"), "name"
    correct(place, column, max_length=10)
    assert office.load(path, content).rows.quarantined == 1
    correct(place, column, max_length=5000)
    (result,) = try_again(office)
    assert (result.problem, result.rows.new, result.rows.quarantined) == (None, 1, 0)
    assert office.quarantine() == []


def test_a_corrected_profile_counts_as_well(office: Office) -> None:
    office.load(DEALS, [opportunity(1, LastModifiedDate="2026-03-01 08:00:00")])
    office.deliver(f"salesforce/Opportunity/{DAY}/_profile.yaml", "timezone: Europe/Paris\n")
    (result,) = try_again(office)
    assert result.rows.new == 1
    assert str(office.value("select last_modified_date from raw_salesforce.opportunity")) == (
        "2026-03-01 07:00:00"
    )


def test_contradicting_records_stay_together_when_tried_again(
    office: Office, correct: Correct
) -> None:
    office.load(DEALS, [opportunity(1), opportunity(1, Name="Other")])
    office.load(ACCOUNTS, [account(2), account(2, Name="N" * 300)])
    correct(("salesforce", "Account"), "name", max_length=1000)
    assert sorted(file.rows.quarantined for file in try_again(office)) == [1, 2]
    reasons = [reasons for _, _, reasons in office.quarantine()]
    assert all("They contradict each other" in reason for reason in reasons)
    assert len(reasons) == 3


def test_records_with_too_many_fields_are_not_tried_again(office: Office) -> None:
    office.load(ACCOUNTS, csv_text([account(1)]) + "a,b\n")
    before = office.quarantine()
    assert try_again(office) == []
    assert office.quarantine() == before


def test_only_selected_files_are_tried_again(office: Office, correct: Correct) -> None:
    office.load(ACCOUNTS, [account(1, Name="N" * 300)])
    office.load(DEALS, [opportunity(1, Name="N" * 300)])
    for place in (("salesforce", "Account"), ("salesforce", "Opportunity")):
        correct(place, "name", max_length=1000)
    (result,) = try_again(office, Selection(file_name=DEALS))
    assert (result.file_name, result.rows.new) == (DEALS, 1)
    assert office.value("select count(*) from ops.quarantined_row") == 1


def test_a_failing_retry_leaves_everything_as_it_was(
    office: Office, correct: Correct, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.load(ACCOUNTS, [account(1, Name="N" * 300)])
    before = office.quarantine()
    correct(("salesforce", "Account"), "name", max_length=1000)

    def fail(*_: object) -> None:
        raise RuntimeError("the power is out")

    monkeypatch.setattr(retry.ledger, "recount", fail)
    with pytest.raises(RuntimeError):
        try_again(office)
    assert office.quarantine() == before
    assert office.value("select count(*) from raw_salesforce.account") == 0
    assert list((office.home / "warehouse").iterdir()) == []


@pytest.mark.parametrize("order", [("2026-03-14", "2026-03-15"), ("2026-03-15", "2026-03-14")])
def test_a_refused_record_counts_as_mended_when_a_later_extract_holds_it_right(
    office: Office, order: tuple[str, str]
) -> None:
    rows = {
        "2026-03-14": [account(1, AnnualRevenue="abc"), account(2, AnnualRevenue="abc")],
        "2026-03-15": [account(1), account(3, AnnualRevenue="abc")],
    }
    for day in order:
        office.load(f"salesforce/Account/{day}/a.csv", rows[day])
    mended = "select record_key from ops.quarantined_row where is_mended"
    assert office.query(mended) == [(salesforce_id("001", 1),)]


def test_an_accepted_record_was_in_every_later_extract_of_the_same_bytes(
    office: Office, correct: Correct
) -> None:
    for day in (DAY, "2026-03-15"):
        office.deliver(f"salesforce/Account/{day}/_profile.yaml", "extract_mode: full\n")
        office.load(f"salesforce/Account/{day}/a.csv", [account(1), account(2, Name="N" * 300)])
    correct(("salesforce", "Account"), "name", max_length=1000)
    try_again(office)
    seen = "select _first_extract_date::varchar, _last_extract_date::varchar"
    assert office.query(f"{seen} from raw_salesforce.account") == [(DAY, "2026-03-15")] * 2
    assert office.value("select count(*) from ops.deleted_record") == 0


def test_a_record_that_is_accepted_mends_what_earlier_extracts_held(
    office: Office, correct: Correct
) -> None:
    office.load("salesforce/Account/2026-03-01/a.csv", [account(1, AnnualRevenue="abc")])
    office.load(ACCOUNTS, [account(1, Name="N" * 300)])
    correct(("salesforce", "Account"), "name", max_length=1000)
    try_again(office)
    assert office.query("select extract_date::varchar, is_mended from ops.quarantined_row") == [
        ("2026-03-01", True)
    ]


def test_a_file_that_left_landing_is_tried_as_it_was_written(
    office: Office, correct: Correct
) -> None:
    profile = office.deliver(f"salesforce/Account/{DAY}/_profile.yaml", "decimal_mark: ','\n")
    office.load(ACCOUNTS, [account(1, Name="N" * 300, AnnualRevenue="1234,50")])
    profile.unlink()
    (office.home / "landing" / ACCOUNTS).unlink()
    correct(("salesforce", "Account"), "name", max_length=1000)
    (result,) = try_again(office)
    assert result.rows.new == 1
    assert office.value("select annual_revenue from raw_salesforce.account") == Decimal("1234.50")
