"""dbt's models and tests as Dagster assets and asset checks."""

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from orchestration.company import load_company
from orchestration.resources import RESERVATION, WAREHOUSE_POOL
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.transform.project import build_arguments, dbt_executable, prepare_manifest


class TransformConfig(dg.Config):
    """What one run may choose."""

    as_of_date: str | None = None
    """ISO date the marts are built for; unset, the date of the newest extract."""


class LayerTranslator(DagsterDbtTranslator):
    """Groups the asset graph by dbt's layers: staging, intermediate, marts."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The folder below ``models/`` that a model lies in."""
        return str(dbt_resource_props["fqn"][1])


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


def dbt_resource() -> DbtCliResource:
    """The dbt command line of this environment."""
    return DbtCliResource(
        project_dir=str(DBT_PROJECT),
        profiles_dir=str(DBT_PROJECT),
        dbt_executable=str(dbt_executable()),
    )
