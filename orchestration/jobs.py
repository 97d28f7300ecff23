"""The main job, its schedule, and what happens when it fails."""

from __future__ import annotations

import dagster as dg

from orchestration.alerts import alert_or_log
from orchestration.company import CompanyError, load_company
from orchestration.settings import Settings

JOB_NAME = "daily_sales_operations"


@dg.failure_hook(name="alert_people")
def alert_people(context: dg.HookContext) -> None:
    """Say on the alert webhook which step failed and why; never fail the run once more."""
    error = context.op_exception
    text = (
        f"salesops: step '{context.op.name}' of {context.job_name} failed: {error}\n"
        "The last published version stays in place. "
        f"Run {context.run_id} in Dagster, or `salesops status`, says more."
    )
    alert_or_log(Settings(), text, context.log.warning)


daily_sales_operations = dg.define_asset_job(
    JOB_NAME,
    selection=dg.AssetSelection.all(),
    description="Landing files to published marts and forecasts.",
    executor_def=dg.in_process_executor,
    hooks={alert_people},
)


def business_timezone() -> str:
    """The zone of the schedule; UTC while the company file is wrong, so that definitions load."""
    try:
        return load_company(Settings()).business_timezone
    except CompanyError:
        return "UTC"


daily_schedule = dg.ScheduleDefinition(
    name="daily_sales_operations_schedule",
    job=daily_sales_operations,
    cron_schedule="0 5 * * *",
    execution_timezone=business_timezone(),
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every morning at five in the business time zone, before anyone reads the figures.",
)
