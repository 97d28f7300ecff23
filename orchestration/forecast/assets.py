"""The forecast's tables as Dagster assets."""

from collections.abc import Iterator

import dagster as dg

from orchestration.company import load_company
from orchestration.forecast.run import forecast_bookings
from orchestration.forecast.tables import TABLES
from orchestration.resources import RESERVATION, RETRY, WAREHOUSE_POOL
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

INPUTS = ["fct_opportunity", "fct_opportunity_history", "dim_user_history"]


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["marts", name],
            group_name="forecast",
            kinds={"duckdb", "python"},
            description=table.meaning,
            deps=[dg.AssetKey(["marts", mart]) for mart in INPUTS],
        )
        for name, table in TABLES.items()
    ],
    pool=WAREHOUSE_POOL,
    required_resource_keys={RESERVATION},
    retry_policy=RETRY,
)
def forecast(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
    """Forecast bookings of company, teams and reps from what the marts know."""
    settings = Settings()
    with open_warehouse(settings) as warehouse:
        result = forecast_bookings(warehouse, load_company(settings), on_progress=context.log.info)
    metadata: dict[str, str | int] = {
        "forecast_run_id": str(result.forecast_run_id),
        "status": result.status,
        "note": result.note,
        "published_method": str(result.published_method),
        "node_count": result.node_count,
    }
    for name in TABLES:
        yield dg.MaterializeResult(asset_key=["marts", name], metadata=metadata)
