"""What the Dagster ops of several stages have in common."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import dagster as dg

from orchestration.alerts import Alert, stake, tell
from orchestration.settings import Settings
from orchestration.signs_of_life import forget_signs, sign_of_life, state_of
from orchestration.warehouse import (
    WarehouseBusyError,
    WarehouseDamagedError,
    open_warehouse,
    reserve_warehouse,
)

RESERVATION = "warehouse_reservation"
"""Resource of every op that opens the warehouse; held from a run's first step to its last."""

LEFT_AT_WORK_SECONDS = 3600.0
"""How long a dbt build may go on whose run was killed: it ends by itself, with its model whole."""

BEGUN_BY_THEN = dt.timedelta(minutes=10)
"""A run that is longer under way has come to its first step, or will never."""


@dg.resource(description="Keeps other runs out of the warehouse, also between the steps of a run.")
@contextmanager
def warehouse_reservation(context: dg.InitResourceContext) -> Iterator[None]:
    """Reserve the warehouse for the run; a second run waits here for the first to end.

    Runs whose process was killed are marked as failed, so that they do not seem to go on.
    """
    settings, run_id, log = Settings(), context.run_id or "none", dg.get_dagster_logger()
    killed: list[str] = []
    with sign_of_life(settings, run_id):
        if context.instance is not None:
            killed = fail_killed_runs(context.instance, settings, own_run_id=run_id)
        for killed_id in killed:
            tell(settings, _killed(settings, killed_id), log.warning)
        with reserve_warehouse(settings, tell=log.info):
            if killed:
                log.info("Waiting for what killed runs may have left at work ...")
                with (
                    suppress(WarehouseBusyError, WarehouseDamagedError),  # the first step says so
                    open_warehouse(settings, wait_seconds=LEFT_AT_WORK_SECONDS),
                ):
                    pass
            yield


def _killed(settings: Settings, run_id: str) -> Alert:
    return Alert(
        f"killed:{run_id}",
        what=f"run {run_id} was killed, or the machine went",
        money=f"{stake(settings)}; no acknowledged row is lost",
        advice="nothing, if the run that follows succeeds: it does what that one left undone;"
        " otherwise look for what ends processes on this machine, such as a lack of memory",
    )


WAREHOUSE_POOL = "warehouse"
"""Pool of every op that opens the warehouse, which has one writer at a time."""

RETRY = dg.RetryPolicy(
    max_retries=2, delay=20, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)
"""For ops whose failures pass, such as a full disk. Not for checks and dbt builds, which fail again
on the same data."""


def killed_runs(instance: dg.DagsterInstance, settings: Settings) -> list[dg.DagsterRun]:
    """Runs that Dagster takes for under way, and whose process is gone."""
    return [
        record.dagster_run
        for record in _under_way(instance)
        if _is_killed(settings, record.dagster_run.run_id, record.create_timestamp)
    ]


def fail_killed_runs(
    instance: dg.DagsterInstance, settings: Settings, *, own_run_id: str
) -> list[str]:
    """Mark killed runs as failed; their ids.

    Where Dagster's daemon launched such a run, it now retries it.
    """
    killed = killed_runs(instance, settings)
    for run in killed:
        instance.report_run_failed(run, "The process of this run was killed or the machine went.")
    under_way = {record.dagster_run.run_id for record in _under_way(instance)}
    forget_signs(settings, except_of=under_way | {own_run_id})
    return [run.run_id for run in killed]


def _under_way(instance: dg.DagsterInstance) -> list[dg.RunRecord]:
    statuses = [
        dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING,
    ]  # fmt: skip
    return list(instance.get_run_records(dg.RunsFilter(statuses=statuses)))


def _is_killed(settings: Settings, run_id: str, created_at: dt.datetime) -> bool:
    state = state_of(settings, run_id)
    if state == "unknown":
        return dt.datetime.now(dt.UTC) - created_at > BEGUN_BY_THEN
    return state == "killed"
