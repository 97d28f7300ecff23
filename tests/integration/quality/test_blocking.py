"""A broken promise stops the run before anything is made from the table; a warning does not."""

import dagster as dg
import duckdb
import pytest

from orchestration.quality.check import Check, not_null
from orchestration.quality.checks import checks_definition
from orchestration.resources import RESERVATION, warehouse_reservation
from orchestration.settings import Settings
from tests.figures import RAISING

RAW_KEY, MART_KEY = dg.AssetKey(["raw_crm", "deal"]), dg.AssetKey(["marts", "fct_deal"])


def check_of(name, severity, column):
    return Check("raw_crm", "deal", name, "It holds.", severity, ("id",), (not_null(column),))


CHECKS = [
    check_of("ids_are_there", "critical", "id"),
    check_of("owners_are_there", "warning", "owner"),
]


@pytest.fixture
def warehouse(tmp_path, monkeypatch):
    monkeypatch.setenv("SALESOPS_HOME", str(tmp_path))
    file = Settings().warehouse_file
    file.parent.mkdir()
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "create schema raw_crm; create schema ops;"
            "create table raw_crm.deal as select '1' as id, 'u' as owner;"
            "create table ops.load_ledger as select date '2026-06-01' as extract_date,"
            " 'loaded' as status, 'crm' as source, 'Deal' as object, 1 as rows_read"
        )
    return file


def run_job():
    built = []

    @dg.asset(key=RAW_KEY)
    def deal():
        built.append("raw")

    @dg.asset(key=MART_KEY, deps=[RAW_KEY])
    def fct_deal():
        built.append("mart")

    definitions = dg.Definitions(
        assets=[deal, fct_deal],
        asset_checks=[checks_definition("raw_tables", CHECKS)],
        jobs=[dg.define_asset_job("job", executor_def=dg.in_process_executor)],
        resources={RESERVATION: warehouse_reservation},
    )
    with dg.DagsterInstance.ephemeral() as instance:
        result = definitions.resolve_job_def("job").execute_in_process(
            raise_on_error=False, instance=instance
        )
    return result, built


def evaluations(result):
    return {e.check_name: e for e in result.get_asset_check_evaluations()}


def execute(file, statement):
    with duckdb.connect(str(file)) as connection:
        connection.execute(statement)


def test_what_passes_its_checks_is_built_upon(warehouse):
    result, built = run_job()
    assert result.success
    assert built == ["raw", "mart"]
    assert all(evaluation.passed for evaluation in evaluations(result).values())


def test_a_broken_critical_check_stops_what_follows(warehouse):
    execute(warehouse, "insert into raw_crm.deal values (null, 'v')")
    result, built = run_job()
    assert not result.success
    assert built == ["raw"]
    found = evaluations(result)
    assert not found["ids_are_there"].passed
    assert found["ids_are_there"].severity == dg.AssetCheckSeverity.ERROR
    assert found["ids_are_there"].metadata["failed_count"].value == 1
    assert found["ids_are_there"].metadata["failing_keys"].value == ["id=None"]
    assert found["owners_are_there"].passed, "the other checks are reported all the same"


def test_a_check_that_cannot_be_computed_stops_what_follows(warehouse, figure):
    raising = figure(RAISING, 1)
    execute(warehouse, "alter table raw_crm.deal rename column id to number")
    result, built = run_job()
    assert not result.success
    assert built == ["raw"]
    assert evaluations(result)["ids_are_there"].metadata["status"].value == "error"
    raising.reach()


def test_a_broken_warning_is_reported_and_stops_nothing(warehouse):
    execute(warehouse, "update raw_crm.deal set owner = null")
    result, built = run_job()
    assert result.success
    assert built == ["raw", "mart"]
    found = evaluations(result)["owners_are_there"]
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.WARN)
