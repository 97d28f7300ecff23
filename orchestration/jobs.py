"""The jobs, their schedules, and what happens when one fails."""

from __future__ import annotations

import datetime as dt
from typing import Any

import dagster as dg
import duckdb

from orchestration.alerts import Alert, clear, stake, tell
from orchestration.company import CompanyError, load_company
from orchestration.report.quality import write_quality_report
from orchestration.settings import Settings

JOB_NAME = "daily_sales_operations"
FIRST_WEEK = "2015-01-05"
"""The Monday from which on weeks can be forecast again."""


LAST_STEP = "published_database"
CHECKS_FAILED = "DagsterAssetCheckFailedError"
"""What ends a step of checks; the checks themselves have told people already."""


@dg.failure_hook(name="alert_people")
def alert_people(context: dg.HookContext) -> None:
    """Tell people which step failed and why; never fail the run once more."""
    error, settings = context.op_exception, Settings()
    verdict = f"step '{context.op.name}' of {context.job_name} failed: {error}"
    _report(context, f"Nothing was published by run {context.run_id}: {verdict}", failed=True)
    if type(error).__name__ == CHECKS_FAILED:
        return
    failed = Alert(
        key=_key(context),
        what=verdict,
        money=f"{stake(settings)}; the last published version stays in place",
        advice=f"see run {context.run_id} in Dagster; `salesops doctor` says what is wrong with the"
        " installation; `salesops run` tries again",
    )
    tell(settings, failed, context.log.warning)


@dg.success_hook(name="note_recovery")
def note_recovery(context: dg.HookContext) -> None:
    """A step that went well may be told of again when it fails again."""
    clear(Settings(), _key(context))
    if context.op.name == LAST_STEP:
        _report(context, f"Published by run {context.run_id}.", failed=False)


@dg.failure_hook(name="alert_of_missing_report")
def alert_of_missing_report(context: dg.HookContext) -> None:
    """Tell people which report was not made and why; what is published is not touched by it."""
    missing = Alert(
        key=_key(context),
        what=f"step '{context.op.name}' of {context.job_name} failed: {context.op_exception}",
        money="none; the report made before stays in place",
        advice=f"see run {context.run_id} in Dagster; `salesops report` makes it by hand",
    )
    tell(Settings(), missing, context.log.warning)


def _report(context: dg.HookContext, verdict: str, *, failed: bool) -> None:
    """Write the report of the run's quality; what keeps it from being written is only logged."""
    try:
        write_quality_report(Settings(), verdict, failed=failed)
    except (OSError, RuntimeError, duckdb.Error) as error:
        context.log.warning(f"there is no report of the quality of this run: {error}")


def _key(context: dg.HookContext) -> str:
    return f"step:{context.job_name}:{context.op.name}:"


daily_sales_operations = dg.define_asset_job(
    JOB_NAME,
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("report"),
    description="Landing files to published marts and forecasts.",
    executor_def=dg.in_process_executor,
    hooks={alert_people, note_recovery},
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


@dg.weekly_partitioned_config(start_date=FIRST_WEEK, day_offset=1, timezone=business_timezone())
def as_known_at_the_end_of_the_week(
    _: dt.datetime, following_monday: dt.datetime
) -> dict[str, Any]:
    """The configuration that builds the marts as they were known when a week ended."""
    as_of = following_monday.date() - dt.timedelta(days=1)
    return {"ops": {"marts": {"config": {"as_of_date": as_of.isoformat()}}}}


weekly_forecast = dg.define_asset_job(
    "weekly_forecast",
    # Tests look at the newest state, which the daily run builds again and tests before publishing.
    selection=dg.AssetSelection.groups("staging", "intermediate", "marts").without_checks()
    | dg.AssetSelection.groups("forecast"),
    config=as_known_at_the_end_of_the_week,
    description=(
        "The forecast as of the end of a week, from marts built for that day. A backfill makes that"
        " of any past week; it is kept, and published with the next daily run, which builds the"
        " marts for the newest day again."
    ),
    executor_def=dg.in_process_executor,
    hooks={alert_people, note_recovery},
)

weekly_schedule = dg.build_schedule_from_partitioned_job(
    weekly_forecast,
    name="weekly_forecast_schedule",
    hour_of_day=4,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every Monday at four, before the daily run: the forecast as of the week's end.",
)


def first_day_of_the_week() -> str:
    """The company's, as cron names it; Monday while the company file is wrong."""
    try:
        return load_company(Settings()).week_start[:3].upper()
    except CompanyError:
        return "MON"


weekly_reports = dg.define_asset_job(
    "weekly_reports",
    selection=dg.AssetSelection.assets("weekly_sales_report", "forecast_call_sheets"),
    description="The sales report of the week that is over, and a sheet for each forecast call.",
    executor_def=dg.in_process_executor,
    hooks={alert_of_missing_report, note_recovery},
)

monthly_report = dg.define_asset_job(
    "monthly_report",
    selection=dg.AssetSelection.assets("monthly_business_review"),
    description="The business review of the month that is over.",
    executor_def=dg.in_process_executor,
    hooks={alert_of_missing_report, note_recovery},
)

weekly_reports_schedule = dg.ScheduleDefinition(
    name="weekly_reports_schedule",
    job=weekly_reports,
    cron_schedule=f"0 7 * * {first_day_of_the_week()}",
    execution_timezone=business_timezone(),
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="At seven on the first day of the company's week, after the daily run.",
)

monthly_report_schedule = dg.ScheduleDefinition(
    name="monthly_report_schedule",
    job=monthly_report,
    cron_schedule="0 7 1 * *",
    execution_timezone=business_timezone(),
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="At seven on the first day of a month, after the daily run.",
)
