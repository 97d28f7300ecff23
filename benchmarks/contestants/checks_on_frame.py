"""The same expectations by Great Expectations on a pandas frame, as it is mostly used.

``python -m benchmarks.contestants.checks_on_frame``: the table is read from the warehouse, then
judged in memory. What this project asks by SQL of its own cannot be asked of a frame; of it only
the uniqueness of keys is, by an expectation of the library's. Prints how many were judged.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Mapping
from typing import Any

from benchmarks.loading import OBJECT
from orchestration.contracts import load_contracts
from orchestration.ingest import sql
from orchestration.ingest.raw_tables import table_of
from orchestration.quality.suites import OWN_COLUMNS, contract_checks
from orchestration.settings import Settings
from orchestration.warehouse import read_warehouse

BY_SQL = "UnexpectedRowsExpectation"


def main() -> None:
    """Read the table and judge it.

    Raises:
        SystemExit: an expectation was broken.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when it is imported
    import great_expectations as gx
    from great_expectations import expectations as classes
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    contract = load_contracts()[OBJECT]
    kept = [column for column in OWN_COLUMNS if column != "_row_hash"]
    columns = [*(field.column for field in contract.fields), *kept]
    with read_warehouse(Settings()) as warehouse:
        selected = ", ".join(map(sql.name, columns))
        frame = warehouse.execute(f"select {selected} from {table_of(contract)}").df()
    asked = [
        getattr(classes, expectation.kind)(**_for_frames(expectation.arguments))
        for check in contract_checks(contract)
        for expectation in check.expectations
        if expectation.kind not in (BY_SQL, "ExpectTableColumnsToMatchSet")
    ]
    unique = getattr(classes, "ExpectColumnValuesToBeUnique")  # noqa: B009 - not exported
    asked.append(unique(column=contract.key_columns[0]))
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("memory").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    result = batch.validate(
        gx.ExpectationSuite("contract", expectations=asked), result_format="BOOLEAN_ONLY"
    )
    if not result.success:
        broken = [str(one.expectation_config) for one in result.results if not one.success]
        raise SystemExit("\n".join(broken))
    print(len(result.results))


def _for_frames(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments with moments for dates: pandas has no other type for a column of dates."""
    return {
        name: dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - nobody's zone
        if type(value) is dt.date
        else value
        for name, value in arguments.items()
    }


if __name__ == "__main__":
    main()
