"""What the code location offers; a data engineer's runbooks and alerts rest on these names."""

from __future__ import annotations

import json
import os

import dagster as dg
import pytest
import yaml

from orchestration.contracts import snake_case
from orchestration.definitions import defs
from orchestration.instance import use_instance
from orchestration.settings import REPOSITORY, Settings

MARTS = {
    "dim_account", "dim_date", "dim_stage", "dim_user", "dim_user_history",
    "fct_activity", "fct_ad_performance_daily", "fct_opportunity", "fct_opportunity_history",
    "fct_exchange_rate", "fct_opportunity_deletion", "fct_quota", "pipeline_as_of",
    "pipeline_waterfall_between", "mart_pipeline_daily", "mart_rep_performance",
    "mart_team_performance", "fct_forecast", "fct_forecast_run", "mart_forecast_accuracy",
    "mart_forecast_summary", "fct_forecast_submission",
    "fct_opportunity_score", "fct_lead_score", "mart_score_drift",
}  # fmt: skip


@pytest.fixture(scope="module")
def job() -> dg.JobDefinition:
    return defs.resolve_job_def("daily_sales_operations")


@pytest.fixture(scope="module")
def upstream(job) -> dict[str, set[str]]:
    """Every step with all steps that end before it begins."""
    structure = job.graph.dependency_structure
    direct = {
        node.name: {
            handle.node_name
            for handles in structure.input_to_upstream_outputs_for_node(node.name).values()
            for handle in handles
        }
        for node in job.nodes
    }

    def closure(name: str) -> set[str]:
        return direct[name] | {far for near in direct[name] for far in closure(near)}

    return {name: closure(name) for name in direct}


def test_every_mart_is_an_asset_under_its_schema():
    keys = {key.path[-1] for key in defs.resolve_all_asset_keys() if key.path[0] == "marts"}
    assert keys >= MARTS


def test_every_contract_has_its_raw_table_as_an_asset_and_dbt_reads_that_asset():
    paths = (REPOSITORY / "data/contracts").glob("*/*.odcs.yaml")
    contracts = {(path.parent.name, path.name.split(".")[0]) for path in paths}
    graph = defs.resolve_asset_graph()
    for source, object_name in contracts:
        assert graph.has(dg.AssetKey([f"raw_{source}", snake_case(object_name)]))
    staged = graph.get(dg.AssetKey(["staging", "stg_salesforce__user_roles"]))
    assert dg.AssetKey(["raw_salesforce", "user_role"]) in staged.parent_keys


def test_steps_follow_the_route_of_the_data_and_checks_stand_before_what_they_protect(upstream):
    assert upstream["ingest"] == set()
    assert "raw_tables_keep_their_contracts" in upstream["marts"]
    assert "marts_are_sound" in upstream["forecast"]
    assert upstream["published_database"] >= {
        "ingest", "raw_tables_keep_their_contracts", "marts", "marts_are_sound", "forecast",
        "forecasts_are_sound",
    }  # fmt: skip


def test_every_step_is_in_the_pool_that_keeps_the_warehouse_to_one_writer(job):
    for node in job.nodes:
        assert node.definition.pool == "warehouse", node.name


def test_every_step_holds_the_reservation_that_keeps_other_runs_out_between_steps(job):
    for node in job.nodes:
        assert "warehouse_reservation" in node.definition.required_resource_keys, node.name


def test_whatever_is_run_keeps_the_warehouse_from_its_first_step_to_its_last():
    by_hand = defs.resolve_implicit_global_asset_job_def()
    assert len(by_hand.nodes) > 6
    for name in [by_hand.name, *(job.name for job in defs.resolve_all_job_defs())]:
        assert defs.resolve_job_def(name).executor_def.name == "in_process", name


def test_the_job_runs_every_morning_in_the_business_time_zone(tmp_path, monkeypatch):
    schedule = defs.resolve_schedule_def("daily_sales_operations_schedule")
    assert schedule.cron_schedule == "0 5 * * *"
    assert schedule.job_name == "daily_sales_operations"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING

    from orchestration.jobs import business_timezone

    (tmp_path / "company.yaml").write_text("business_timezone: Asia/Ho_Chi_Minh\n")
    monkeypatch.setenv("SALESOPS_HOME", str(tmp_path))
    assert business_timezone() == "Asia/Ho_Chi_Minh"


def test_every_week_is_forecast_as_of_its_last_day_and_any_past_week_can_be_again():
    weekly = defs.resolve_job_def("weekly_forecast")
    assert weekly.partitions_def.get_first_partition_key() == "2015-01-05"
    config = weekly.partitioned_config.get_run_config_for_partition_key("2026-03-23")
    assert config == {"ops": {"marts": {"config": {"as_of_date": "2026-03-29"}}}}
    steps = {"marts", "forecast", "forecasts_are_sound"}
    assert {node.name for node in weekly.nodes} == steps
    schedule = defs.resolve_schedule_def("weekly_forecast_schedule")
    assert (schedule.job_name, schedule.cron_schedule) == ("weekly_forecast", "0 4 * * 1")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_reports_are_made_of_what_is_published_and_by_jobs_of_their_own(job):
    made = {
        name: {node.name for node in defs.resolve_job_def(name).nodes}
        for name in ("weekly_reports", "monthly_report")
    }
    assert made == {
        "weekly_reports": {"weekly_sales_report", "forecast_call_sheets"},
        "monthly_report": {"monthly_business_review"},
    }
    graph = defs.resolve_asset_graph()
    for name in set().union(*made.values()):
        assert graph.get(dg.AssetKey(name)).parent_keys == {dg.AssetKey("published_database")}
        assert name not in {node.name for node in job.nodes}


def test_reports_come_after_the_daily_run_on_the_weeks_and_the_months_first_day(
    tmp_path, monkeypatch
):
    schedules = {
        name: defs.resolve_schedule_def(f"{name}_schedule")
        for name in ("weekly_reports", "monthly_report")
    }
    assert [of.cron_schedule for of in schedules.values()] == ["0 7 * * MON", "0 7 1 * *"]
    assert [of.job_name for of in schedules.values()] == list(schedules)
    assert {of.default_status for of in schedules.values()} == {dg.DefaultScheduleStatus.RUNNING}

    from orchestration.jobs import first_day_of_the_week

    (tmp_path / "company.yaml").write_text("week_start: sunday\n")
    monkeypatch.setenv("SALESOPS_HOME", str(tmp_path))
    assert first_day_of_the_week() == "SUN"


def test_the_published_database_has_a_freshness_policy():
    spec = defs.resolve_asset_graph().get(dg.AssetKey("published_database"))
    assert spec.freshness_policy is not None


def test_every_asset_says_what_it_is_and_who_answers_for_it():
    graph = defs.resolve_asset_graph()
    nodes = [graph.get(key) for key in graph.get_all_asset_keys()]
    untold = {
        node.key.to_user_string()
        for node in nodes
        if not (node.description and node.group_name and node.kinds)
    }
    assert untold == set()
    assert {owner for node in nodes for owner in node.owners} == {
        "team:data-engineering", "team:sales-operations",
    }  # fmt: skip
    assert all(len(node.owners) == 1 for node in nodes)


@pytest.mark.parametrize(
    ("table", "column", "kind", "is_nullable"),
    [
        ("raw_salesforce.opportunity", "amount", "DECIMAL(18,2)", True),
        ("marts.fct_opportunity", "amount", "decimal(18, 2)", True),
        ("marts.fct_forecast", "as_of_date", "date", False),
    ],
)
def test_the_catalog_shows_the_columns_of_tables(table, column, kind, is_nullable):
    metadata = defs.resolve_asset_graph().get(dg.AssetKey(table.split("."))).metadata
    assert metadata["dagster/table_name"] == f"warehouse.{table}"
    columns = {found.name: found for found in metadata["dagster/column_schema"].columns}
    assert columns[column].type == kind
    assert columns[column].description
    assert columns[column].constraints.nullable is is_nullable


@pytest.fixture
def _own_environment():
    """Undo what naming the instance folder to Dagster does to the environment."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.usefixtures("_own_environment")
def test_the_instance_of_the_home_folder_lets_one_run_write_at_a_time(tmp_path):
    folder = use_instance(Settings(home=tmp_path))
    with dg.DagsterInstance.get() as instance:
        assert instance.root_directory == str(folder)
        pool = instance.get_concurrency_config().pool_config
        assert pool.default_pool_limit == 1
        assert pool.pool_granularity.value == "run"
        assert not instance.telemetry_enabled


@pytest.mark.usefixtures("_own_environment")
def test_a_changed_instance_configuration_is_left_as_it_is(tmp_path):
    settings = Settings(home=tmp_path)
    own = use_instance(settings) / "dagster.yaml"
    own.write_text("telemetry: {enabled: false}\n")
    use_instance(settings)
    assert yaml.safe_load(own.read_text()) == {"telemetry": {"enabled": False}}


class TestSensor:
    @pytest.fixture
    def landing(self, tmp_path, monkeypatch):
        monkeypatch.setenv("SALESOPS_HOME", str(tmp_path))
        folder = tmp_path / "landing/salesforce/Account/2026-06-30"
        folder.mkdir(parents=True)
        return folder

    def look(self, cursor: str | None = None) -> tuple[list, str | None]:
        """Run requests of one look at landing, and the cursor that the next look begins with."""
        sensor = defs.resolve_sensor_def("extracts_arrived")
        with dg.build_sensor_context(cursor=cursor) as context:
            data = sensor.evaluate_tick(context)
        return data.run_requests, data.cursor

    @pytest.mark.usefixtures("landing")
    def test_an_empty_landing_starts_nothing(self):
        assert self.look()[0] == []

    def test_a_new_extract_starts_one_run_once_it_has_stayed_the_same(self, landing):
        (landing / "Account.csv").write_text("Id\n")
        requests, cursor = self.look()
        assert requests == []
        requests, cursor = self.look(cursor)
        assert len(requests) == 1
        requests, cursor = self.look(cursor)
        assert requests == []

    def test_an_extract_that_is_still_growing_is_waited_for(self, landing):
        file = landing / "Account.csv"
        file.write_text("Id\n")
        _, cursor = self.look()
        file.write_text("Id\n0015g00000A0001AAB\n")
        requests, cursor = self.look(cursor)
        assert requests == []
        requests, _ = self.look(cursor)
        assert len(requests) == 1
        assert json.loads(cursor)["seen"] == requests[0].run_key

    def test_an_unfinished_upload_is_not_seen(self, landing):
        (landing / "Account.csv.part").write_text("Id\n")
        _, cursor = self.look()
        assert self.look(cursor)[0] == []
