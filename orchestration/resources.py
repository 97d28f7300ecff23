"""What the Dagster ops of several stages have in common."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration.settings import Settings
from orchestration.warehouse import reserve_warehouse

RESERVATION = "warehouse_reservation"
"""Resource of every op that opens the warehouse; held from a run's first step to its last."""


@dg.resource(description="Keeps other runs out of the warehouse, also between the steps of a run.")
@contextmanager
def warehouse_reservation(_: dg.InitResourceContext) -> Iterator[None]:
    """Reserve the warehouse for the run; a second run waits here for the first to end."""
    with reserve_warehouse(Settings(), tell=dg.get_dagster_logger().info):
        yield


WAREHOUSE_POOL = "warehouse"
"""Pool of every op that opens the warehouse, which has one writer at a time."""

RETRY = dg.RetryPolicy(
    max_retries=2, delay=20, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)
"""For ops whose failures pass, such as a full disk. Not for checks and dbt builds, which fail again
on the same data."""
