"""The contracts that come with the project: complete, of one style, and known to dbt."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from orchestration.contracts import SALESFORCE_ID, Contract, load_contracts
from orchestration.ingest.layout import match_header
from orchestration.settings import DBT_PROJECT

BUNDLED = load_contracts()
OBJECTS = {
    "company": {"exchange_rates", "market_index", "quota", "ramp", "roster"},
    "ga4": {"sessions"},
    "google_ads": {"campaign_daily"},
    "hubspot": {
        "companies", "contacts", "deal_property_history", "deals", "engagements", "owners",
        "pipelines",
    },
    "linkedin_ads": {"campaign_daily"},
    "meta_ads": {"campaign_daily"},
    "salesforce": {
        "Account", "Campaign", "CampaignMember", "Contact", "CurrencyType", "DatedConversionRate",
        "Event", "ForecastingItem", "ForecastingQuota", "Lead", "Opportunity",
        "OpportunityContactRole", "OpportunityFieldHistory", "OpportunityHistory",
        "OpportunityLineItem", "OpportunityStage", "Product2", "Task", "Territory2", "User",
        "UserRole", "UserTerritory2Association",
    },
}  # fmt: skip
PERSONAL = {
    ("company", "roster"): {"employee_name", "email"},
    ("ga4", "sessions"): {"user_pseudo_id", "user_id", "gclid"},
    ("hubspot", "companies"): {"hubspot_owner_name"},
    ("hubspot", "contacts"): {
        "firstname", "lastname", "email", "phone", "mobilephone", "address", "city", "zip",
        "jobtitle", "hubspot_owner_name",
    },
    ("hubspot", "deal_property_history"): {"value", "source_id"},
    ("hubspot", "deals"): {"hubspot_owner_name"},
    ("hubspot", "engagements"): {"hs_email_subject", "hs_meeting_title", "hs_task_subject"},
    ("hubspot", "owners"): {"email", "first_name", "last_name"},
    ("salesforce", "Contact"): {
        "first_name", "last_name", "name", "email", "phone", "mobile_phone", "mailing_street",
        "mailing_city", "mailing_postal_code", "title",
    },
    ("salesforce", "Event"): {"subject"},
    ("salesforce", "Lead"): {"first_name", "last_name", "name", "email", "phone", "title"},
    ("salesforce", "OpportunityFieldHistory"): {"old_value", "new_value"},
    ("salesforce", "Task"): {"subject"},
    ("salesforce", "User"): {"name", "email", "title"},
}  # fmt: skip
LOOKS_PERSONAL = re.compile(  # people write names into a subject
    r"(^|_)(e?mail|\w*phone|fax|(first|last|middle|full|owner|employee|person)_?name"
    r"|\w*street|address|postal_?code|zip|birth_?date|job_?title|subject)$"
)
SOURCES = {
    path: yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
    for path in sorted(DBT_PROJECT.glob("models/staging/*/_*__sources.yml"))
}

each_contract = pytest.mark.parametrize(
    "contract", BUNDLED.values(), ids=lambda c: f"{c.source}/{c.object}"
)


def _document(contract: Contract) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(contract.path.read_text(encoding="utf-8"))
    return document


def _columns_found(place: tuple[str, str], header: list[str]) -> dict[str, str]:
    """What each name of a header is taken for, without those that nobody knows."""
    layout = match_header(header, BUNDLED[place])
    return {header[position]: column for column, position in layout.places.items()}


def test_every_object_that_users_have_is_described() -> None:
    assert set(BUNDLED) == {(source, name) for source, names in OBJECTS.items() for name in names}


@each_contract
def test_object_and_properties_are_described_in_sentences(contract: Contract) -> None:
    texts = {field.name: field.description for field in contract.fields}
    assert all(text[0].isupper() or text[0].isdigit() for text in texts.values())
    assert [name for name, text in texts.items() if not text.endswith(".")] == []
    assert contract.description.endswith(".")


@each_contract
def test_a_contract_names_its_raw_table_and_the_grain_of_it(contract: Contract) -> None:
    (schema,) = _document(contract)["schema"]
    assert schema["physicalName"] == f"{contract.schema}.{contract.table}"
    assert schema["dataGranularityDescription"].startswith("One row per version of one ")


def test_no_two_contracts_have_the_same_id() -> None:
    ids = [_document(contract)["id"] for contract in BUNDLED.values()]
    assert len(ids) == len(set(ids))


@each_contract
def test_the_key_is_required_and_its_columns_are_numbered(contract: Contract) -> None:
    properties = _document(contract)["schema"][0]["properties"]
    key = [p for p in properties if p.get("primaryKey")]
    assert all(p["required"] is True for p in key)
    assert [p["primaryKeyPosition"] for p in key] == list(range(1, len(key) + 1))
    replaceable = {field.column for field in contract.fields if field.when_missing}
    required = {field.column for field in contract.header_required}
    assert set(contract.key_columns) <= required | replaceable


@each_contract
def test_what_tells_something_about_a_person_is_classified(contract: Contract) -> None:
    personal = {field.column for field in contract.fields if field.is_personal}
    assert personal == PERSONAL.get((contract.source, contract.object), set())
    assert {f.column for f in contract.fields if LOOKS_PERSONAL.search(f.column)} <= personal


@each_contract
def test_whole_numbers_are_counts_and_never_below_zero(contract: Contract) -> None:
    whole = {f.column for f in contract.fields if f.type == "BIGINT"}
    unbounded = {f.column for f in contract.fields if f.column in whole and f.minimum is None}
    assert unbounded == ({"display_order"} if contract.object == "pipelines" else set())


@each_contract
def test_a_name_has_at_most_255_characters(contract: Contract) -> None:
    names = {f.column for f in contract.fields if f.column == "name" or f.column.endswith("_name")}
    assert {c for c in names if contract.by_column[c].max_length != 255} == set()


@each_contract
def test_a_currency_is_three_capital_letters(contract: Contract) -> None:
    codes = [f for f in contract.fields if re.search(r"(currency|iso)_(iso_)?code$", f.column)]
    assert {f.pattern for f in codes} <= {"^[A-Z]{3}$"}


@pytest.mark.parametrize("name", sorted(OBJECTS["salesforce"]))
def test_every_id_of_salesforce_is_made_18_characters(name: str) -> None:
    fields = BUNDLED["salesforce", name].fields
    ids = {f.column for f in fields if f.column == "id" or f.column.endswith("_id")}
    assert ids == {f.column for f in fields if f.format == SALESFORCE_ID}


@pytest.mark.parametrize("place", sorted(BUNDLED))
def test_ids_stay_text(place: tuple[str, str]) -> None:
    fields = BUNDLED[place].fields
    ids = [f for f in fields if f.column == "id" or f.column.endswith("_id")]
    assert {f.type for f in ids} <= {"VARCHAR"}


def test_a_probability_is_percent_in_salesforce_and_a_share_in_hubspot() -> None:
    percent = BUNDLED["salesforce", "Opportunity"].by_column["probability"]
    assert (percent.minimum, percent.maximum) == (0, 100)
    share = BUNDLED["hubspot", "deals"].by_column["hs_deal_stage_probability"]
    assert (share.minimum, share.maximum, share.is_rounded) == (0, 1, True)


def test_labels_of_hubspots_screen_are_columns_of_a_deal() -> None:
    header = ["Record ID", "Deal Name", "Deal Stage", "Amount", "Close Date", "Deal owner", "Size"]
    assert _columns_found(("hubspot", "deals"), header) == {
        "Record ID": "id",
        "Deal Name": "dealname",
        "Deal Stage": "dealstage",
        "Amount": "amount",
        "Close Date": "closedate",
        "Deal owner": "hubspot_owner_name",
    }


def test_names_of_hubspots_api_are_columns_of_a_deal() -> None:
    header = ["id", "createdAt", "createdate", "archivedAt", "hs_object_id", "hubspot_owner_id"]
    columns = _columns_found(("hubspot", "deals"), header)
    assert columns["createdAt"] == "created_at"
    assert columns["createdate"] == "createdate"
    assert len(columns) == len(header)


def test_peoples_own_headings_are_columns_of_a_quota() -> None:
    header = ["Rep", "Month", "Type", "Target", "Currency"]
    assert list(_columns_found(("company", "quota"), header).values()) == list(
        BUNDLED["company", "quota"].by_column
    )


def test_dbt_has_a_source_table_for_each_contract_and_none_more() -> None:
    tables = {
        (source["name"], table["name"])
        for sources in SOURCES.values()
        for source in sources
        for table in source["tables"]
    }
    assert tables == {(contract.schema, contract.table) for contract in BUNDLED.values()}


def test_every_source_of_dbt_lies_in_its_folder_and_says_its_grain() -> None:
    for path, sources in SOURCES.items():
        (source,) = sources
        assert source["name"] == f"raw_{path.parent.name}"
        assert source["description"].strip()
        for table in source["tables"]:
            assert table["description"].startswith("One row per version of one "), table["name"]
