"""What the Dagster ops of several stages have in common."""

import dagster as dg

WAREHOUSE_POOL = "warehouse"
"""Pool of every op that opens the warehouse, which has one writer at a time."""

RETRY = dg.RetryPolicy(
    max_retries=2, delay=20, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)
"""For ops whose failures pass: a busy warehouse, a full disk. Not for checks and dbt builds,
which fail on the same data again."""
