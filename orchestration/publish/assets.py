"""The published database as a Dagster asset."""

import datetime as dt
from collections.abc import Iterable

import dagster as dg

from orchestration.catalog import SALES_OPERATIONS
from orchestration.publish.audit import NotAuditedError
from orchestration.publish.publication import publish
from orchestration.resources import RESERVATION, RETRY, WAREHOUSE_POOL
from orchestration.settings import Settings


def published_database(marts: Iterable[dg.AssetKey]) -> dg.AssetsDefinition:
    """The asset that copies ``marts`` to where readers see them."""
    keys = list(marts)

    @dg.asset(
        name="published_database",
        group_name="publish",
        owners=[SALES_OPERATIONS],
        deps=keys,
        pool=WAREHOUSE_POOL,
        required_resource_keys={RESERVATION},
        retry_policy=RETRY,
        kinds={"duckdb", "parquet"},
        freshness_policy=dg.FreshnessPolicy.time_window(
            fail_window=dt.timedelta(hours=48), warn_window=dt.timedelta(hours=26)
        ),
    )
    def publish_marts(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        """Marts and operational tables, as one complete version for analysts and dashboards."""
        settings = Settings()
        try:
            publication = publish(
                settings,
                run_id=context.run.root_run_id or context.run_id,
                marts={key.path[-1] for key in keys},
            )
        except NotAuditedError as error:  # trying again would not make a check pass
            raise dg.Failure(str(error), allow_retries=False) from error
        return dg.MaterializeResult(
            metadata={
                "version": publication.version,
                "shown_version": publication.shown_version,
                "is_new": publication.is_new,
                "as_of_date": str(publication.as_of_date),
                "database": dg.MetadataValue.path(str(settings.published_file)),
                "tables": len(publication.tables),
                "dagster/row_count": sum(table.row_count for table in publication.tables),
            }
        )

    return publish_marts
