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
from orchestration.settings import Settings

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


def _with_options(**options: Any) -> dict[str, Any]:
    entries = [{"property": name, "value": value} for name, value in options.items()]
    return _document() | {"customProperties": entries}


def _custom(**options: Any) -> dict[str, Any]:
    """Keys of a property that has these custom properties."""
    return {"customProperties": _with_options(**options)["customProperties"]}


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("just text", "is no Open Data Contract"),
        (_document() | {"colour": "red"}, "is no Open Data Contract"),
        (_document(name="Other"), "named 'Thing' like the file"),
        (_document(description=""), "'Thing' has no description"),
        (_document(properties=[]), "no property has 'primaryKey: true'"),
        (_with_property(description=None), "property 'Extra': has no description; say"),
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
        (_with_options(deletion_mark=True), "'deletion_mark' is the name of a column"),
        (_with_options(deletion_mark="size"), "'deletion_mark': 'size' is a property"),
        (_with_options(watermark="Stamp"), "watermark names 'Stamp', which is no property"),
        (
            _with_options(delimeter=";"),
            "'delimeter' is no key of customProperties; known are watermark,",
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


NUMBER = {"logicalType": "number", "physicalType": "DECIMAL(18,2)"}
FORM = {"name": "screen", "header": ["Size"], "format": {"delimiter": ";"}}
RULE = {
    "name": "big",
    "type": "sql",
    "description": "Big.",
    "severity": "warning",
    "query": "select count(*) from {object} where size > 9",
    "mustBe": 0,
}


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (
            _with_property(logicalType="integer", enum=[{"value": "1"}]),
            "property 'Extra': 'enum' holds for text only, and this is BIGINT",
        ),
        (
            _with_property(logicalType="integer", logicalTypeOptions={"pattern": "^[0-9]+$"}),
            "['pattern'] hold for text only, and this is BIGINT; bound it by 'minimum'",
        ),
        (
            _with_property(logicalType="boolean", logicalTypeOptions={"maxLength": 4}),
            "['maxLength'] hold for text only, and this is BOOLEAN",
        ),
        (
            _with_property(logicalTypeOptions={"minimum": 1}),
            "['minimum'] hold for numbers, dates and times only, and this is VARCHAR",
        ),
        (_with_property(logicalTypeOptions={"format": "email"}), "known is 'salesforce-id'"),
        (_with_property(logicalTypeOptions={"maxLength": "9"}), "must be a number of characters"),
        (
            _with_property(logicalTypeOptions={"minLength": 9, "maxLength": 3}),
            "'minLength' is above 'maxLength'",
        ),
        (
            _with_property(logicalType="integer", logicalTypeOptions={"minimum": 9, "maximum": 3}),
            "minimum 9 is above maximum 3",
        ),
        (
            _with_property(logicalType="integer", logicalTypeOptions={"minimum": 0.5}),
            "bound '0.5' is no BIGINT",
        ),
        (
            _with_property(logicalTypeOptions={"pattern": "(?=a)"}),
            "'pattern: (?=a)' is no regular expression: invalid perl operator",
        ),
        (_with_property(enum=[{"value": True}]), "accepted value True is no text: YAML reads"),
        (_with_property(enum=[{"value": 10}]), "accepted value 10 is no text"),
        (_with_property(enum=[{"value": "A"}, {"value": "A"}]), "'A' stands there twice"),
        (_with_property(classification="personal"), "write 'pii' for what tells something about"),
        (_with_property(physicalType="CHAR(3)"), "'physicalType: CHAR(3)' would not be kept"),
        (_with_property(requried=True), "property 'Extra': 'requried' is no key of the standard"),
        (_with_property(quality=[RULE]), "'quality' is not supported within a property"),
        (_with_property(primaryKey=True, required=False), "it cannot be 'required: false'"),
        (_with_property(primaryKey=True, primaryKeyPosition=1), "number them from 1 on"),
        (_with_property(**_custom(header_alias=["X"])), "'header_alias' is no key of"),
        (_with_property(**_custom(header_aliases="X")), "'header_aliases' is a list"),
        (_with_property(**_custom(header_aliases=[7])), "header alias 7 must be a text in quotes"),
        (
            _with_property(**_custom(header_aliases=[{"name": "X", "times": 100}])),
            "'times' holds for numbers only",
        ),
        (
            _with_property(**NUMBER, **_custom(header_aliases=[{"name": "X", "times": 0.5}])),
            "'times' is a whole number",
        ),
        (
            _with_property(**_custom(header_aliases=["Size ({unit})"])),
            "an alias of 'Extra' names 'unit', which is no property",
        ),
        (_with_property(**_custom(when_missing="X")), "'when_missing' must have a 'value'"),
        (
            _with_property(**_custom(when_missing={"property": "Y", "prefix": "y:"})),
            "'when_missing' of 'Extra' names 'Y', which is no property",
        ),
        (
            _with_property(logicalType="integer", **_custom(ignored_characters="-")),
            "'ignored_characters' hold for text only",
        ),
        (_with_property(**_custom(rounding="half_up")), "holds for a number with decimals only"),
        (_with_options(watermark_may_be_missing="no"), "'watermark_may_be_missing' is true or"),
        (_with_options(forms=[FORM, FORM]), "two forms are named 'screen'"),
        (_with_options(forms=[FORM | {"header": ["Cost"]}]), "'Cost' is no name of a property"),
        (
            _with_options(forms=[FORM | {"format": {"encoding": "utf-16"}}]),
            "form 'screen' declares ['encoding'], which is settled before a header is read",
        ),
        (
            _with_options(forms=[FORM | {"format": {"delimeter": ";"}}]),
            "form 'screen': 'delimeter' is no key",
        ),
        (_with_options(total_blank=["Colour"]), "'total_blank' names 'Colour'"),
        (_with_options(total_label="("), "'(' is no regular expression"),
        (_document(quality=[RULE, RULE]), "two quality rules are named 'big'"),
        (_document(quality=[RULE | {"severty": "x"}]), "quality rule 'big': 'severty' is no key"),
        (_document(physicalName="raw_shop.stuff"), "the table is raw_shop.thing"),
    ],
)
def test_what_would_be_accepted_and_not_kept_is_refused(
    tmp_path: Path, document: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ContractError) as refusal:
        _load(tmp_path, document)
    assert problem in str(refusal.value)
    assert str(tmp_path) in str(refusal.value)


def test_a_key_that_comes_twice_in_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shop" / "Thing.odcs.yaml"
    path.parent.mkdir()
    text = yaml.safe_dump(_document())
    path.write_text(text.replace("status: active", "status: draft\nstatus: active"), "utf-8")
    with pytest.raises(ContractError, match="the key 'status' comes twice"):
        load_contract(path)


@pytest.mark.parametrize("place", ["Help Desk/Thing", "2025/Thing", "shop/My Thing", "shop/2nd"])
def test_folder_and_file_are_names_that_a_table_can_have(tmp_path: Path, place: str) -> None:
    path = tmp_path / f"{place}.odcs.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(_document(name=path.name.split(".")[0])), encoding="utf-8")
    with pytest.raises(ContractError, match=r"rename (it, in|the folder in landing)"):
        load_contract(path)


def _own(folder: Path, place: str, document: object) -> Settings:
    """Settings of a user whose own contracts hold this one."""
    path = folder / f"{place}.odcs.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return Settings(home=folder / "home", contracts=folder)


def _bundled_document(source: str, name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(BUNDLED[source, name].path.read_text("utf-8"))
    return document


def test_a_users_own_contracts_are_added_to_the_bundled_ones(tmp_path: Path) -> None:
    contracts = load_contracts(_own(tmp_path, "shop/Thing", _document()))
    assert set(contracts) == {*BUNDLED, ("shop", "Thing")}
    assert list(contracts) == sorted(contracts)


def test_a_users_own_contract_goes_before_the_bundled_one(tmp_path: Path) -> None:
    document = _bundled_document("company", "ramp")
    document["customProperties"].append({"property": "delimiter", "value": ";"})
    settings = _own(tmp_path, "company/ramp", document)
    assert load_contracts(settings)["company", "ramp"].format.delimiter == ";"
    assert BUNDLED["company", "ramp"].format.delimiter == ","


def test_a_replaced_contract_keeps_the_columns_that_models_read(tmp_path: Path) -> None:
    document = _bundled_document("company", "ramp")
    document["schema"][0]["properties"].pop()
    with pytest.raises(ContractError, match="models read the column ramp_rate of this object as"):
        load_contracts(_own(tmp_path, "company/ramp", document))


def test_a_replaced_contract_keeps_the_key_by_which_models_read(tmp_path: Path) -> None:
    document = _bundled_document("company", "ramp")
    properties = document["schema"][0]["properties"]
    del properties[1]["primaryKey"], properties[1]["primaryKeyPosition"]
    with pytest.raises(ContractError, match="its key is role, but models read this object by"):
        load_contracts(_own(tmp_path, "company/ramp", document))


def test_every_wrong_contract_is_named_at_once(tmp_path: Path) -> None:
    _own(tmp_path, "shop/Thing", _document(description=""))
    settings = _own(tmp_path, "shop/Other", _document())
    with pytest.raises(ContractError) as refusal:
        load_contracts(settings)
    first, second = str(refusal.value).splitlines()
    assert "Other.odcs.yaml: must describe exactly one object" in first
    assert "Thing.odcs.yaml: 'Thing' has no description" in second


def test_a_contract_in_a_place_where_none_is_looked_for_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "Thing.yaml").write_text(yaml.safe_dump(_document()), encoding="utf-8")
    with pytest.raises(ContractError, match=r"Thing\.yaml: is not read, because contracts lie in"):
        load_contracts(Settings(contracts=tmp_path))


def test_a_folder_of_contracts_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="nowhere: is no folder, though SALESOPS_CONTRACTS"):
        load_contracts(Settings(contracts=tmp_path / "nowhere"))


def test_two_contracts_of_one_table_are_refused(tmp_path: Path) -> None:
    _own(tmp_path, "shop/Thing", _document())
    settings = _own(tmp_path, "shop/thing", _document(name="thing"))
    with pytest.raises(ContractError, match=r"already describes raw_shop\.thing"):
        load_contracts(settings)
