"""The forecast's tables as Dagster assets."""

from collections.abc import Iterator

import dagster as dg

from orchestration.catalog import SALES_OPERATIONS, row_counts, table_column, table_metadata
from orchestration.company import load_company
from orchestration.forecast.plots import drawings
from orchestration.forecast.run import forecast_bookings
from orchestration.forecast.scores.tables import LEAD_SCORE, OPPORTUNITY_SCORE
from orchestration.forecast.table import Table
from orchestration.forecast.tables import ACCURACY, FORECAST, TABLES
from orchestration.forecast.withheld import tell_if_withheld
from orchestration.resources import RESERVATION, RETRY, WAREHOUSE_POOL
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

INPUTS = [
    "fct_opportunity", "fct_opportunity_history", "dim_user", "dim_user_history",
    "fct_forecast_submission", "fct_lead", "fct_quota", "fct_touchpoint",
]  # fmt: skip
DRAWN_ON = {
    FORECAST: ["fan_chart"],
    ACCURACY: ["accuracy_by_horizon", "calibration"],
    OPPORTUNITY_SCORE: ["opportunity_calibration"],
    LEAD_SCORE: ["lead_calibration"],
}


def _columns(table: Table) -> Iterator[dg.TableColumn]:
    for name, column in table.columns.items():
        kind = column.type.removesuffix(" not null")
        yield table_column(name, kind, column.meaning, required=kind != column.type)


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["marts", name],
            group_name="forecast",
            kinds={"duckdb", "python"},
            description=table.meaning,
            owners=[SALES_OPERATIONS],
            metadata=table_metadata("marts", name, _columns(table)),
            deps=[dg.AssetKey(["marts", mart]) for mart in INPUTS],
        )
        for name, table in TABLES.items()
    ],
    pool=WAREHOUSE_POOL,
    required_resource_keys={RESERVATION},
    retry_policy=RETRY,
)
def forecast(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
    """Forecast bookings, and score open deals and leads, from what the marts know."""
    settings = Settings()
    with open_warehouse(settings) as warehouse:
        result = forecast_bookings(warehouse, load_company(settings), on_progress=context.log.info)
        pictures = drawings(warehouse, result.forecast_run_id)
        counts = row_counts(warehouse, [("marts", name) for name in TABLES])
        tell_if_withheld(settings, warehouse, result, context.log.warning)
    metadata: dict[str, str | int | dg.MarkdownMetadataValue] = {
        "forecast_run_id": str(result.forecast_run_id),
        "status": result.status,
        "note": result.note,
        "published_method": str(result.published_method),
        "node_count": result.node_count,
    }
    for name, count in zip(TABLES, counts, strict=True):
        metadata["dagster/row_count"] = count
        drawn: dict[str, str | int | dg.MarkdownMetadataValue] = {
            title: dg.MetadataValue.md(pictures[title])
            for title in DRAWN_ON.get(name, [])
            if title in pictures
        }
        yield dg.MaterializeResult(asset_key=["marts", name], metadata=metadata | drawn)
