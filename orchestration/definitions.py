"""What the Dagster code location offers: the assets of every stage, their checks, and the job."""

import dagster as dg

from orchestration.forecast.assets import forecast
from orchestration.ingest.assets import ingest
from orchestration.ingest.sensors import landing_sensor
from orchestration.jobs import (
    JOB_NAME,
    daily_sales_operations,
    daily_schedule,
    monthly_report,
    monthly_report_schedule,
    weekly_forecast,
    weekly_reports,
    weekly_reports_schedule,
    weekly_schedule,
)
from orchestration.publish.assets import published_database
from orchestration.quality.checks import quality_checks
from orchestration.report.assets import reports
from orchestration.resources import RESERVATION, warehouse_reservation
from orchestration.transform.assets import dbt_resource, marts

published = published_database(
    key for key in [*marts.keys, *forecast.keys] if key.path[0] == "marts"
)

defs = dg.Definitions(
    assets=[ingest, marts, forecast, published, *reports],
    asset_checks=quality_checks(),
    jobs=[daily_sales_operations, weekly_forecast, weekly_reports, monthly_report],
    schedules=[daily_schedule, weekly_schedule, weekly_reports_schedule, monthly_report_schedule],
    sensors=[landing_sensor(JOB_NAME)],
    resources={"dbt": dbt_resource(), RESERVATION: warehouse_reservation},
    # Also of what is materialized by hand: a run keeps the warehouse from its first step to its
    # last, which processes of their own for each step could not.
    executor=dg.in_process_executor,
)
