"""Checks of raw tables, marts and forecasts as Dagster asset checks."""

from collections.abc import Iterator, Sequence

import dagster as dg

from orchestration.contracts import load_contracts
from orchestration.quality.check import Check, CheckResult
from orchestration.quality.failures import tell_of_failures, tell_of_late_extracts
from orchestration.quality.forecast_suites import forecast_checks
from orchestration.quality.mart_suites import mart_checks
from orchestration.quality.results import check_and_record
from orchestration.quality.rhythm import EXTRACT_IS_IN_TIME
from orchestration.quality.score_suites import score_checks
from orchestration.quality.suites import contract_checks
from orchestration.resources import RESERVATION, WAREHOUSE_POOL
from orchestration.settings import Settings


def quality_checks() -> list[dg.AssetChecksDefinition]:
    """One op that checks all raw tables, one for all marts, one for forecasts and scores."""
    raw = [check for contract in load_contracts().values() for check in contract_checks(contract)]
    return [
        checks_definition("raw_tables_keep_their_contracts", raw),
        checks_definition("marts_are_sound", mart_checks()),
        checks_definition("forecasts_are_sound", [*forecast_checks(), *score_checks()]),
    ]


def checks_definition(name: str, checks: Sequence[Check]) -> dg.AssetChecksDefinition:
    """One op that runs checks on the warehouse and reports each of them.

    Critical checks block: what is made from a table waits for them, and is not made if one fails.
    """
    by_key = {_check_key(check): check for check in checks}

    @dg.multi_asset_check(
        name=name,
        specs=[_spec(check) for check in checks],
        pool=WAREHOUSE_POOL,
        required_resource_keys={RESERVATION},
        can_subset=True,
    )
    def run(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        selected = [c for key, c in by_key.items() if key in context.selected_asset_check_keys]
        # A run that repeats what failed in an earlier one goes on with that one's results.
        run_id = context.run.root_run_id or context.run.run_id
        results = check_and_record(Settings(), selected, run_id)
        tell_of_failures(Settings(), results, context.log.warning)
        if any(result.check.name == EXTRACT_IS_IN_TIME for result in results):
            tell_of_late_extracts(Settings(), context.log.warning)
        for result in results:
            if result.status != "passed":
                context.log.warning(f"{result.check.table_name}: {result.details}")
            yield _asset_check_result(result)

    return run


def _asset_key(check: Check) -> dg.AssetKey:
    return dg.AssetKey([check.schema, check.table])


def _check_key(check: Check) -> dg.AssetCheckKey:
    return dg.AssetCheckKey(_asset_key(check), check.name)


def _spec(check: Check) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check.name,
        asset=_asset_key(check),
        description=check.description,
        blocking=check.severity == "critical",
        metadata={"expectations": [expectation.promise for expectation in check.expectations]},
    )


def _asset_check_result(result: CheckResult) -> dg.AssetCheckResult:
    critical = result.check.severity == "critical"
    return dg.AssetCheckResult(
        passed=result.status == "passed",
        asset_key=_asset_key(result.check),
        check_name=result.check.name,
        severity=dg.AssetCheckSeverity.ERROR if critical else dg.AssetCheckSeverity.WARN,
        description=result.details or None,
        metadata={
            "status": result.status,
            "failed_count": result.failed_count,
            "affected_amount": None
            if result.affected_amount is None
            else float(result.affected_amount),
            "failing_since": str(result.failing_since),
            "failing_keys": list(result.sample_keys),
            "failing_query": dg.MetadataValue.md(f"```sql\n{result.sql}\n```"),
        }
        if result.status != "passed"
        else {},
    )
