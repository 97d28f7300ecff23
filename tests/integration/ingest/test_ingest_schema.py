"""Columns of extracts that are new, missing, renamed or retyped."""

from __future__ import annotations

import pytest

from orchestration.ingest.facts import facts_of
from tests.integration.ingest.conftest import DAY, Office, account, opportunity

ACCOUNTS = f"salesforce/Account/{DAY}/a.csv"
RENAMED = (
    "perhaps a renamed column: AnnualRevenue is missing. It is kept in _extra; if it is the same,"
    " declare it as an alias"
)


def changes(office: Office, column: str) -> list[str]:
    return [
        change
        for (change,) in office.query(
            f"select change from ops.schema_change where column_name = '{column}' order by change"
        )
    ]


def without(row: dict[str, str], column: str) -> dict[str, str]:
    return {name: value for name, value in row.items() if name != column}


def test_a_new_column_is_kept_and_told(office: Office) -> None:
    entry = office.load(ACCOUNTS, [account(1, Shoe_Size__c="44")])
    assert changes(office, "Shoe_Size__c") == ["new column, kept in _extra"]
    assert "new column, kept in _extra: Shoe_Size__c" in entry.warnings
    assert office.value("select _extra->>'Shoe_Size__c' from raw_salesforce.account") == "44"


def test_a_missing_optional_column_is_null_and_told(office: Office) -> None:
    entry = office.load(ACCOUNTS, [without(account(1), "AnnualRevenue")])
    assert changes(office, "AnnualRevenue") == ["missing column, NULL in this extract"]
    assert any("missing column" in text and "AnnualRevenue" in text for text in entry.warnings)


@pytest.mark.parametrize("renamed", ["AnualRevenue", "AnnualRevenueUSD", "Annual Revenue (USD)"])
def test_a_renamed_column_is_recognised_by_its_name(office: Office, renamed: str) -> None:
    entry = office.load(ACCOUNTS, [without(account(1), "AnnualRevenue") | {renamed: "5"}])
    assert changes(office, renamed) == [RENAMED]
    assert f"{RENAMED}: {renamed}" in entry.warnings


def test_a_renamed_column_is_recognised_by_an_alias(office: Office) -> None:
    names = "Reporting starts,Campaign name,Ad set name,Ad name"
    office.load(
        f"meta_ads/campaign_daily/{DAY}/a.csv",
        f"{names},Amount spent (Euro)\n2026-03-13,Spring,All,Red,12.50\n",
    )
    (change,) = changes(office, "Amount spent (Euro)")
    assert change.startswith("perhaps a renamed column: spend is missing.")


def test_a_new_column_beside_all_known_ones_is_not_taken_for_a_renamed_one(office: Office) -> None:
    office.load(ACCOUNTS, [account(1, AnnualRevenue2="5")])
    assert changes(office, "AnnualRevenue2") == ["new column, kept in _extra"]


def test_a_column_of_another_type_is_told_once_most_of_its_values_are_refused(
    office: Office,
) -> None:
    path = f"salesforce/Opportunity/{DAY}/o.csv"
    rows = [opportunity(n, CloseDate="06/30/2026") for n in (1, 2)]
    entry = office.load(path, [*rows, opportunity(3), opportunity(4, Amount="x")])
    told = "retyped column, half of its values or more are not DATE"
    assert changes(office, "CloseDate") == [told]
    assert changes(office, "Amount") == []
    assert f"{told}: CloseDate" in entry.warnings


def test_schema_changes_are_in_the_summary_of_the_run(office: Office) -> None:
    office.deliver(ACCOUNTS, [account(1, Shoe_Size__c="44")])
    facts = facts_of(office.ingest())
    assert "new column, kept in _extra: Shoe_Size__c" in facts["Warnings"]


def test_a_renamed_column_comes_before_what_is_merely_missing_in_the_summary(
    office: Office,
) -> None:
    for number in range(20):
        office.deliver(f"salesforce/Account/{DAY}/a{number:02}.csv", [account(number)])
    renamed = without(account(50), "AnnualRevenue") | {"AnualRevenue": "5"}
    office.deliver(f"salesforce/Account/{DAY}/z.csv", [renamed])
    told = facts_of(office.ingest())["Warnings"].splitlines()
    assert told[0] == f"salesforce/Account/{DAY}/z.csv: {RENAMED}: AnualRevenue"
    assert "a00.csv: missing column" in told[1]
    assert told[-1] == "and 12 more in ops.load_ledger"


def test_dates_of_a_change_do_not_depend_on_the_order_of_arrival(office: Office) -> None:
    for day in ("2026-03-20", "2026-03-10", "2026-03-15"):
        office.load(f"salesforce/Account/{day}/a.csv", [account(int(day[-2:]), New__c="1")])
    assert office.query(
        "select first_extract_date::varchar, last_extract_date::varchar from ops.schema_change"
        " where column_name = 'New__c'"
    ) == [("2026-03-10", "2026-03-20")]


@pytest.mark.parametrize("days", [("2026-03-10", "2026-03-20"), ("2026-03-20", "2026-03-10")])
def test_a_change_is_seen_in_every_extract_of_the_same_bytes(
    office: Office, days: tuple[str, str]
) -> None:
    for day in days:
        office.load(f"salesforce/Account/{day}/a.csv", [account(1, New__c="1")])
    assert office.query(
        "select first_extract_date::varchar, last_extract_date::varchar from ops.schema_change"
        " where column_name = 'New__c'"
    ) == [("2026-03-10", "2026-03-20")]
