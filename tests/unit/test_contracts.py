"""Contracts: what is bundled is complete, what is wrong is refused with a cure."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from orchestration.contracts import Contract, ContractError, load_contract, load_contracts

BUNDLED = load_contracts()


def _document(**changes: Any) -> dict[str, Any]:
    """A small good contract, with keys of its object replaced."""
    schema = {
        "name": "Thing",
        "description": "Things.",
        "properties": [
            {"name": "Id", "logicalType": "string", "description": "Id.", "primaryKey": True},
            {"name": "Size", "logicalType": "integer", "description": "Size."},
        ],
    }
    return {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": "thing",
        "version": "1.0.0",
        "status": "active",
        "schema": [schema | changes],
    }


def _load(folder: Path, document: object) -> Contract:
    path = folder / "shop" / "Thing.odcs.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return load_contract(path)


@pytest.mark.parametrize("contract", BUNDLED.values(), ids=lambda c: f"{c.source}/{c.object}")
def test_a_bundled_contract_is_valid_by_the_schema_of_the_standard(contract: Contract) -> None:
    schema = json.loads(OpenDataContractStandard.json_schema())
    document = yaml.safe_load(contract.path.read_text(encoding="utf-8"))
    errors = jsonschema.Draft201909Validator(schema).iter_errors(document)
    assert [error.message for error in errors] == []


def test_an_opportunity_is_known_by_its_id_and_ordered_by_its_stamp() -> None:
    contract = BUNDLED["salesforce", "Opportunity"]
    assert contract.key_columns == ("id",)
    assert contract.watermark == "system_modstamp"
    assert contract.extract_mode == "incremental"
    assert (contract.schema, contract.table) == ("raw_salesforce", "opportunity")
    assert {field.name for field in contract.header_required} == {
        "Id",
        "StageName",
        "CloseDate",
        "SystemModstamp",
    }


def test_fields_carry_type_bounds_and_accepted_values() -> None:
    fields = BUNDLED["salesforce", "Opportunity"].by_column
    assert fields["amount"].type == "DECIMAL(18,2)"
    assert fields["amount"].decimals == 2
    assert (fields["probability"].minimum, fields["probability"].maximum) == (
        Decimal(0),
        Decimal(100),
    )
    assert "Commit" in fields["forecast_category_name"].accepted_values
    assert fields["territory2_id"].name == "Territory2Id"


def test_a_date_without_declared_bounds_must_be_plausible() -> None:
    close_date = BUNDLED["salesforce", "Opportunity"].by_column["close_date"]
    assert close_date.maximum == dt.date(2199, 12, 31)
    until = BUNDLED["salesforce", "DatedConversionRate"].by_column["next_start_date"]
    assert until.maximum == dt.date(9999, 12, 31)


@pytest.mark.parametrize("column", ["first_name", "last_name", "name", "email", "phone"])
def test_what_tells_who_a_lead_is_is_personal(column: str) -> None:
    assert BUNDLED["salesforce", "Lead"].by_column[column].is_personal


def test_the_key_of_a_day_of_a_campaign_has_three_columns() -> None:
    contract = BUNDLED["google_ads", "campaign_daily"]
    assert contract.key_columns == ("date", "customer_id", "campaign_id")
    assert contract.watermark is None


def test_a_quality_rule_is_the_condition_that_breaks_it() -> None:
    rules = {rule.name: rule for rule in BUNDLED["salesforce", "Opportunity"].quality_rules}
    assert rules["a_won_deal_is_closed"].condition == "is_won and not is_closed"
    assert rules["a_won_deal_is_closed"].severity == "warning"


def test_a_small_contract_needs_only_types_descriptions_and_a_key(tmp_path: Path) -> None:
    contract = _load(tmp_path, _document())
    assert (contract.source, contract.object, contract.table) == ("shop", "Thing", "thing")
    assert [(field.column, field.type) for field in contract.fields] == [
        ("id", "VARCHAR"),
        ("size", "BIGINT"),
    ]


def _with_property(**keys: Any) -> dict[str, Any]:
    document = _document()
    extra = {"name": "Extra", "logicalType": "string", "description": "Extra."}
    document["schema"][0]["properties"].append(extra | keys)
    return document


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("just text", "is no Open Data Contract"),
        (_document() | {"colour": "red"}, "is no Open Data Contract"),
        (_document(name="Other"), "named 'Thing' like the file"),
        (_document(description=""), "'Thing' has no description"),
        (_document(properties=[]), "no property has 'primaryKey: true'"),
        (_with_property(description=None), "'Extra' has no description"),
        (_with_property(logicalType="map"), "logicalType must be one of"),
        (_with_property(logicalType="number"), "'DECIMAL(18,2)'"),
        (_with_property(logicalType="number", physicalType="DECIMAL(9,12)"), "'DECIMAL(18,2)'"),
        (_with_property(name="Größe"), "declare a physicalName"),
        (_with_property(name="SI_ZE"), "'size' may mean 'Size' or 'SI_ZE'"),
        (_with_property(logicalTypeOptions={"pattern": "("}), "Thing.odcs.yaml"),
        (_with_property(logicalTypeOptions={"multipleOf": 2}), "['multipleOf'] are not supported"),
        (
            _with_property(logicalType="date", logicalTypeOptions={"minimum": "soon"}),
            "bound 'soon' is no DATE",
        ),
        (
            _document() | {"customProperties": [{"property": "watermark", "value": "Stamp"}]},
            "'watermark' names 'Stamp', which is no property",
        ),
        (
            _document() | {"customProperties": [{"property": "delimeter", "value": ";"}]},
            "'delimeter' is no key; known are encoding, delimiter",
        ),
        (
            _document(quality=[{"name": "big", "type": "text", "description": "Big."}]),
            "quality rule 'big'",
        ),
    ],
)
def test_a_wrong_contract_is_refused_with_its_place(
    tmp_path: Path, document: object, problem: str
) -> None:
    with pytest.raises(ContractError) as refusal:
        _load(tmp_path, document)
    assert problem in str(refusal.value)
    assert "Thing.odcs.yaml" in str(refusal.value)


def test_two_contracts_of_one_table_are_refused(tmp_path: Path) -> None:
    _load(tmp_path, _document())
    other = tmp_path / "shop" / "thing.odcs.yaml"
    other.write_text(yaml.safe_dump(_document(name="thing")), encoding="utf-8")
    with pytest.raises(ContractError, match=r"already describes raw_shop\.thing"):
        load_contracts(tmp_path)
