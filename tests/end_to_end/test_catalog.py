"""What Dagster's catalog knows of the tables after a run."""

from __future__ import annotations

import os

import dagster as dg
import pytest

from orchestration.instance import use_instance
from orchestration.settings import Settings


@pytest.fixture(scope="module")
def instance(demo):
    before = dict(os.environ)
    use_instance(Settings(home=demo[0].home))
    with dg.DagsterInstance.get() as instance:
        yield instance
    os.environ.clear()
    os.environ.update(before)


def newest_row_count(instance: dg.DagsterInstance, key: dg.AssetKey) -> int:
    observed = [
        record.asset_observation.metadata.get("dagster/row_count")
        for record in instance.fetch_observations(key, limit=10).records
    ]
    made = instance.get_latest_materialization_event(key)
    found = [*filter(None, observed), made.asset_materialization.metadata.get("dagster/row_count")]
    return found[0].value


@pytest.mark.parametrize(
    "table",
    ["fct_opportunity", "mart_pipeline_daily", "dim_user", "fct_forecast", "fct_opportunity_score"],
)
def test_the_catalog_knows_how_many_rows_a_table_has(demo, instance, table):
    [(count,)] = demo[0].query(f"select count(*) from marts.{table}")
    assert count > 0
    assert newest_row_count(instance, dg.AssetKey(["marts", table])) == count
