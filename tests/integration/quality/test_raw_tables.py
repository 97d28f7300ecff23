"""The checks of a raw table pass on what loading makes, and each fails when its promise breaks."""

import duckdb
import pytest

from orchestration.contracts import load_contract, load_contracts
from orchestration.quality.history import profile_extracts, raw_history_check
from orchestration.quality.rhythm import rhythm_check
from orchestration.quality.suites import contract_checks
from orchestration.quality.validate import run_checks

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
      - {name: Id, logicalType: string, primaryKey: true, required: true, description: Which.,
         logicalTypeOptions: {format: salesforce-id}}
      - {name: ChangedAt, logicalType: timestamp, required: true, description: When.}
      - {name: Stage, logicalType: string, description: How far.,
         enum: [{value: Open}, {value: Won}]}
      - {name: Probability, logicalType: number, physicalType: "DECIMAL(5,2)",
         description: How likely., logicalTypeOptions: {minimum: 0, maximum: 100}}
      - {name: Code, logicalType: string, description: Code., unique: true,
         logicalTypeOptions: {pattern: "[A-Z]{3}", maxLength: 3}}
    quality:
      - name: a_won_deal_is_certain
        description: A won deal has the probability 100.
        type: sql
        severity: critical
        query: select count(*) from {object} where stage = 'Won' and probability <> 100
        mustBe: 0
"""
OWN_COLUMNS = (
    "_extra json, _row_hash varchar, _first_extract_date date, _last_extract_date date,"
    " _file_name varchar, _line_number bigint, _loaded_at timestamp"
)
ROWS = """
insert into raw_crm.deal by name
select
    '006000000000000AA' || id as id, timestamp '2026-01-01' as changed_at, stage, probability,
    code, md5(concat(id, stage)) as _row_hash, date '2026-01-02' as _first_extract_date,
    date '2026-01-03' as _last_extract_date, 'crm/Deal/2026-01-02/deals.csv' as _file_name
from (values ('A', 'Open', 10, 'ABC'), ('A', 'Won', 100, 'ABC'), ('B', null, null, null))
    as deals (id, stage, probability, code);
insert into ops.load_ledger (source, object, status, rows_new, rows_changed) values
    ('crm', 'Deal', 'loaded', 2, 1), ('crm', 'Deal', 'rejected', null, null),
    ('crm', 'Account', 'loaded', 9, 9);
"""
BREAKAGES = [
    ("columns_are_there", "alter table raw_crm.deal drop column code"),
    ("versions_are_whole", "update raw_crm.deal set _row_hash = 'x' where id like '%A'"),
    ("versions_are_whole", "update raw_crm.deal set _file_name = null where id like '%B'"),
    (
        "versions_are_whole",
        "update raw_crm.deal set _last_extract_date = '2026-01-01' where id like '%B'",
    ),
    ("rows_agree_with_the_ledger", "delete from raw_crm.deal where id like '%B'"),
    ("rows_agree_with_the_ledger", "delete from ops.load_ledger"),
    ("required_values_are_there", "update raw_crm.deal set changed_at = null where id like '%B'"),
    ("values_keep_the_contract", "update raw_crm.deal set stage = 'Lost' where id like '%B'"),
    ("values_keep_the_contract", "update raw_crm.deal set probability = -1 where id like '%B'"),
    ("values_keep_the_contract", "update raw_crm.deal set code = 'ABc' where id like '%B'"),
    ("values_keep_the_contract", "update raw_crm.deal set code = 'ABCD' where id like '%B'"),
    ("values_keep_the_contract", "update raw_crm.deal set id = '006' where id like '%B'"),
    (
        "values_keep_the_contract",
        "update raw_crm.deal set changed_at = '0026-01-01' where id like '%B'",
    ),
    ("code_is_of_one_record", "update raw_crm.deal set code = 'ABC' where id like '%B'"),
    ("a_won_deal_is_certain", "update raw_crm.deal set probability = 10 where stage = 'Won'"),
]


def make_tables(connection, contracts):
    connection.execute(
        "create schema ops; create table ops.load_ledger (source varchar, object varchar,"
        " status varchar, rows_new bigint, rows_changed bigint, extract_date date,"
        " rows_read bigint)"
    )
    profile_extracts(connection, contracts)
    for contract in contracts:
        columns = "".join(f'"{field.column}" {field.type}, ' for field in contract.fields)
        connection.execute(
            f"create schema if not exists {contract.schema};"
            f' create table {contract.schema}."{contract.table}" ({columns}{OWN_COLUMNS})'
        )


@pytest.fixture
def contract(tmp_path):
    path = tmp_path / "crm" / "Deal.odcs.yaml"
    path.parent.mkdir()
    path.write_text(CONTRACT)
    return load_contract(path)


@pytest.fixture
def connection(contract):
    with duckdb.connect() as connection:
        make_tables(connection, [contract])
        connection.execute(ROWS)
        yield connection


def statuses(connection, contract):
    return {r.check.name: r.status for r in run_checks(connection, contract_checks(contract))}


def test_all_checks_pass_on_what_was_loaded(connection, contract):
    assert set(statuses(connection, contract).values()) == {"passed"}


@pytest.mark.parametrize(("name", "breakage"), BREAKAGES)
def test_a_broken_promise_fails_its_check(connection, contract, name, breakage):
    connection.execute(breakage)
    assert statuses(connection, contract)[name] == "failed"


def test_every_check_has_its_breakage(contract):
    of_history = {raw_history_check(contract).name, rhythm_check(contract).name}  # test_history
    names = {check.name for check in contract_checks(contract)}
    assert names - of_history == {name for name, _ in BREAKAGES}


def test_the_checks_of_the_bundled_contracts_can_be_computed():
    contracts = load_contracts().values()
    checks = [check for contract in contracts for check in contract_checks(contract)]
    with duckdb.connect() as connection:
        make_tables(connection, contracts)
        empty = run_checks(connection, checks)
        for contract in contracts:
            connection.execute(
                f'insert into {contract.schema}."{contract.table}" (_extra) values (null)'
            )
        results = run_checks(connection, checks)
    assert [(r.check.table_name, r.check.name) for r in empty if r.status != "passed"] == []
    assert [(r.check.table_name, r.details) for r in results if r.status == "error"] == []
    broken = {"versions_are_whole", "rows_agree_with_the_ledger", "required_values_are_there"}
    assert {r.check.name for r in results if r.status == "failed"} >= broken
