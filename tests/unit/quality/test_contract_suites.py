from decimal import Decimal

import pytest

from orchestration.contracts import load_contract, load_contracts
from orchestration.quality.suites import OWN_COLUMNS, contract_checks

CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: crm-deal
name: Deals
version: 1.0.0
status: active
customProperties:
  - {property: watermark, value: ChangedAt}
schema:
  - name: Deal
    logicalType: object
    description: Deals of the CRM.
    properties:
      - {name: Region, logicalType: string, primaryKey: true, primaryKeyPosition: 2,
         required: true, description: Where.}
      - {name: Number, logicalType: integer, primaryKey: true, primaryKeyPosition: 1,
         required: true, description: Which.}
      - {name: ChangedAt, logicalType: timestamp, required: true, description: When.}
      - {name: AccountId, logicalType: string, description: Whose.,
         logicalTypeOptions: {format: salesforce-id}}
      - {name: Stage, logicalType: string, description: How far.,
         enum: [{value: Open}, {value: Won}]}
      - {name: Probability, logicalType: number, physicalType: "DECIMAL(5,2)",
         description: How likely., logicalTypeOptions: {minimum: 0, maximum: 99.5}}
      - {name: Code, logicalType: string, description: Code., unique: true,
         logicalTypeOptions: {pattern: "[A-Z]{3}'?", maxLength: 4}}
    quality:
      - name: a_won_deal_is_certain
        description: A won deal has the probability 99.5.
        type: sql
        severity: warning
        query: select count(*) from {object} where stage = 'Won' and probability <> 99.5
        mustBe: 0
"""


@pytest.fixture
def checks(tmp_path):
    path = tmp_path / "crm" / "Deal.odcs.yaml"
    path.parent.mkdir()
    path.write_text(CONTRACT)
    return {check.name: check for check in contract_checks(load_contract(path))}


def arguments(check, kind):
    return [dict(e.arguments) for e in check.expectations if e.kind == kind]


def test_a_contract_becomes_one_check_per_kind_of_rule(checks):
    assert {name: check.severity for name, check in checks.items()} == {
        "columns_are_there": "critical",
        "versions_are_whole": "critical",
        "rows_agree_with_the_ledger": "critical",
        "required_values_are_there": "critical",
        "values_keep_the_contract": "critical",
        "code_is_of_one_record": "warning",
        "a_won_deal_is_certain": "warning",
        "looks_as_usual": "warning",
        "extract_is_in_time": "warning",
    }
    assert {check.table_name for check in checks.values()} == {"raw_crm.deal"}
    assert {check.key_columns for check in checks.values()} == {("number", "region")}


def test_every_column_of_the_contract_is_expected(checks):
    (columns,) = arguments(checks["columns_are_there"], "ExpectTableColumnsToMatchSet")
    assert columns["column_set"] == [
        "number", "region", "changed_at", "account_id", "stage", "probability", "code",
        *OWN_COLUMNS,
    ]  # fmt: skip
    assert columns["exact_match"] is False


def test_keys_and_required_values_are_expected_in_every_row(checks):
    found = arguments(checks["required_values_are_there"], "ExpectColumnValuesToNotBeNull")
    assert [e["column"] for e in found] == ["number", "region", "changed_at"]


def test_ranges_lengths_and_lists_of_values_are_expected_as_stated(checks):
    check = checks["values_keep_the_contract"]
    ranges = {e["column"]: e for e in arguments(check, "ExpectColumnValuesToBeBetween")}
    assert (ranges["probability"]["min_value"], ranges["probability"]["max_value"]) == (0, 99.5)
    assert not isinstance(ranges["probability"]["max_value"], Decimal)
    assert ranges["changed_at"]["min_value"].year == 1900
    assert arguments(check, "ExpectColumnValueLengthsToBeBetween") == [
        {"column": "account_id", "min_value": 18, "max_value": 18},
        {"column": "code", "min_value": None, "max_value": 4},
    ]
    assert arguments(check, "ExpectColumnValuesToBeInSet") == [
        {"column": "stage", "value_set": ["Open", "Won"]}
    ]


def test_a_pattern_is_matched_whole_and_keeps_its_braces_and_quotes(checks):
    (rule,) = arguments(checks["values_keep_the_contract"], "UnexpectedRowsExpectation")
    query = rule["unexpected_rows_query"].format(batch="raw_crm.deal")
    assert query == (
        'select "number", "region" from raw_crm.deal'
        " where not regexp_full_match(\"code\", '[A-Z]{3}''?')"
    )


def test_a_rule_of_the_contract_is_a_check_of_its_own(checks):
    check = checks["a_won_deal_is_certain"]
    (rule,) = arguments(check, "UnexpectedRowsExpectation")
    assert check.description == "A won deal has the probability 99.5."
    assert rule["unexpected_rows_query"].endswith("where (stage = 'Won' and probability <> 99.5)")


def test_the_bundled_contracts_have_distinct_names_for_the_checks_of_a_table():
    for contract in load_contracts().values():
        names = [check.name for check in contract_checks(contract)]
        assert len(names) == len(set(names)) >= 4, contract.object
