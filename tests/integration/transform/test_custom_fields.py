"""Custom fields that a company names become typed columns of the staging model of their object."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from dbt_company import Company, Table

from orchestration.company import load_company

CHOICE = """
custom_fields:
  salesforce:
    Account:
      Tier__c: string
    Opportunity:
      ARR__c: decimal(18,2)
      Go_Live__c: date
      Strategic__c: boolean
"""
HEADER = "StageName,CloseDate,SystemModstamp"
VALUES = "Prospecting,2026-06-30,2026-03-01T08:00:00Z"
EXTRACTS = {
    "Opportunity/2026-03-01/named.csv": (
        f"Id,{HEADER},ARR__c,Go_Live__c,Strategic__c,Other__c\n"
        f"006000000000001,{VALUES},1200.5,2026-09-01,true,kept\n"
        f"006000000000002,{VALUES},about 12,,,\n"
    ),
    "Opportunity/2026-03-02/in_small_letters.csv": (
        f"id,{HEADER},arr__c\n006000000000003,{VALUES},7\n"
    ),
    "Account/2026-03-01/a.csv": (
        "Id,Name,SystemModstamp,Tier__c\n001000000000001,Contoso,2026-03-01T08:00:00Z,Gold\n"
    ),
}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    home = tmp_path_factory.mktemp("custom")
    for path, text in EXTRACTS.items():
        file = home / "landing" / "salesforce" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (home / "company.yaml").write_text(CHOICE, encoding="utf-8")
    company = Company(home)
    company.load()
    models = ("stg_salesforce__opportunity_versions", "stg_salesforce__accounts")
    choices = load_company(company.settings).dbt_vars(dt.date(2026, 3, 31))
    company.dbt("run", "--select", *(f"+{model}" for model in models), **choices)
    return company


def _rows(home: Path, query: str) -> Table:
    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb"), read_only=True) as reader:
        return reader.execute(query).fetchall()


def test_a_custom_field_is_a_column_of_its_type_however_its_name_is_written(
    company: Company,
) -> None:
    assert _rows(
        company.home,
        "select arr__c, go_live__c, strategic__c"
        " from staging.stg_salesforce__opportunity_versions order by opportunity_key",
    ) == [
        (Decimal("1200.50"), dt.date(2026, 9, 1), True),
        (None, None, None),
        (Decimal("7.00"), None, None),
    ]


def test_a_custom_field_that_nobody_names_stays_in_the_raw_table(company: Company) -> None:
    columns = _rows(company.home, "describe staging.stg_salesforce__opportunity_versions")
    assert "other__c" not in {column[0] for column in columns}
    assert _rows(
        company.home,
        "select json_extract_string(_extra, '$.Other__c') from raw_salesforce.opportunity"
        " where json_exists(_extra, '$.Other__c')",
    ) == [("kept",)]


def test_each_object_has_its_own_custom_fields(company: Company) -> None:
    assert _rows(company.home, "select tier__c from staging.stg_salesforce__accounts") == [
        ("Gold",)
    ]
