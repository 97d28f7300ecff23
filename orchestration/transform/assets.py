"""dbt's models and tests as Dagster assets and asset checks."""

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from orchestration.catalog import DATA_ENGINEERING, SALES_OPERATIONS, row_counts
from orchestration.company import load_company
from orchestration.resources import RESERVATION, WAREHOUSE_POOL
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.transform.project import build_arguments, dbt_executable, prepare_manifest
from orchestration.warehouse import open_warehouse


class TransformConfig(dg.Config):
    """What one run may choose."""

    as_of_date: str | None = None
    """ISO date the marts are built for; unset, the date of the newest extract."""


class LayerTranslator(DagsterDbtTranslator):
    """Groups the asset graph by dbt's layers: staging, intermediate, marts."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The folder below ``models/`` that a model lies in."""
        return str(dbt_resource_props["fqn"][1])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str]:
        """Sales operations answers for the marts, data engineering for what leads to them."""
        layer = self.get_group_name(dbt_resource_props)
        return [SALES_OPERATIONS if layer == "marts" else DATA_ENGINEERING]


@dbt_assets(
    manifest=prepare_manifest(),
    project=DbtProject(DBT_PROJECT),
    dagster_dbt_translator=LayerTranslator(),
    pool=WAREHOUSE_POOL,
    required_resource_keys={"dbt", RESERVATION},
)
def marts(context: dg.AssetExecutionContext, config: TransformConfig) -> Iterator[Any]:
    """Build and test staging, intermediate and marts."""
    settings = Settings()
    os.environ["SALESOPS_HOME"] = str(settings.home)  # what the dbt profile reads
    as_of = dt.date.fromisoformat(config.as_of_date) if config.as_of_date else None
    arguments = build_arguments(load_company(settings), as_of)
    target = settings.warehouse_file.parent / "dbt"
    dbt: DbtCliResource = context.resources.dbt
    yield from dbt.cli(arguments, context=context, target_path=target).stream()
    # dagster-dbt would hold every event back until dbt lets go of the database.
    yield from _rows_counted(settings, sorted(context.selected_asset_keys))


def _rows_counted(
    settings: Settings, models: Sequence[dg.AssetKey]
) -> Iterator[dg.AssetObservation]:
    """How many rows the models hold that are stored as tables."""
    with open_warehouse(settings) as warehouse:
        stored = set(
            warehouse.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        )
        tables = [key for key in models if tuple(key.path) in stored]
        counts = row_counts(warehouse, [key.path for key in tables])
    for key, count in zip(tables, counts, strict=True):
        yield dg.AssetObservation(key, metadata={"dagster/row_count": count})


def dbt_resource() -> DbtCliResource:
    """The dbt command line of this environment."""
    return DbtCliResource(
        project_dir=str(DBT_PROJECT),
        profiles_dir=str(DBT_PROJECT),
        dbt_executable=str(dbt_executable()),
    )
