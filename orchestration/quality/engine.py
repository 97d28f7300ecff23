"""Great Expectations over an open DuckDB connection.

This is the only file that knows how Great Expectations works inside. It does not support DuckDB
itself, and out of the box a broken query looks like broken data; what is done about it here is held
by a test that a failing expectation fails, a passing one passes, and a raising one is an error.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from typing import Any

import duckdb

from orchestration.quality.check import Check, Expectation


class ExpectationRunner:
    """Runs expectations by SQL in one connection, which stays its caller's to close."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when it is imported
        import great_expectations as gx
        from duckdb_engine import ConnectionWrapper
        from great_expectations.data_context.types.base import (
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )
        from great_expectations.execution_engine.sqlalchemy_execution_engine import (
            SqlAlchemyExecutionEngine,
        )
        from sqlalchemy import create_engine
        from sqlalchemy.pool import StaticPool

        class DuckDbExecutionEngine(SqlAlchemyExecutionEngine):
            """Fetches a result before its connection is given back, as DuckDB needs it."""

            def execute_query(self, query: Any) -> Any:
                with self.get_connection() as open_connection:
                    return self._execute_query_with_recovery(open_connection, query).freeze()()

        logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
        self._context = gx.get_context(
            mode="ephemeral",
            project_config=DataContextConfig(
                store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
                progress_bars=ProgressBarsConfig(globally=False),
                analytics_enabled=False,
            ),
        )
        cursor = ConnectionWrapper(connection.cursor())
        self._sql = create_engine("duckdb://", creator=lambda: cursor, poolclass=StaticPool)
        self._engine = DuckDbExecutionEngine(engine=self._sql, create_temp_table=False)

    def close(self) -> None:
        """Give back what was taken from the connection."""
        self._engine.close()
        self._sql.dispose()

    def passes(self, check: Check, expectations: Sequence[Expectation]) -> list[bool]:
        """Whether each expectation on a check's table surely holds.

        All of them are computed together, in as few queries as possible. False means that it was
        broken or could not be computed: :meth:`explain` tells which.
        """
        results = self._validate(check, expectations, {"result_format": "BOOLEAN_ONLY"})
        passed = {result.expectation_config.meta["number"]: result.success for result in results}
        return [bool(passed.get(number)) for number in range(len(expectations))]

    def explain(self, check: Check, expectation: Expectation) -> Any:
        """The full result of one expectation, computed by itself."""
        (result,) = self._validate(check, [expectation], {"result_format": "BASIC"})
        return result

    def _validate(
        self, check: Check, expectations: Sequence[Expectation], result_format: dict[str, Any]
    ) -> Any:
        from great_expectations import expectations as classes
        from great_expectations.core.batch import Batch
        from great_expectations.execution_engine.sqlalchemy_batch_data import SqlAlchemyBatchData
        from great_expectations.validator.validator import Validator

        table: Any = SqlAlchemyBatchData(
            execution_engine=self._engine, schema_name=check.schema, table_name=check.table
        )
        validator = Validator(
            execution_engine=self._engine, batches=[Batch(data=table)], data_context=self._context
        )
        configurations = [
            getattr(classes, e.kind)(**e.arguments, meta={"number": number}).configuration
            for number, e in enumerate(expectations)
        ]
        return validator.graph_validate(
            configurations=configurations, runtime_configuration={"result_format": result_format}
        )
