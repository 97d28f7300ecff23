"""Loading landing as Dagster assets: one per raw table, and the operational tables."""

from collections.abc import Callable, Iterator

import dagster as dg

from orchestration.alerts import Alert, clear, stake, tell
from orchestration.catalog import DATA_ENGINEERING, row_counts, table_column, table_metadata
from orchestration.contracts import Contract, load_contracts
from orchestration.ingest.facts import FILES_ACCEPTED, facts_of
from orchestration.ingest.run import IngestResult, Progress, ingest_landing
from orchestration.resources import RESERVATION, RETRY, WAREHOUSE_POOL
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

LEDGER = dg.AssetKey(["ops", "load_ledger"])
QUARANTINED = dg.AssetKey(["ops", "quarantined_row"])
DELETED = dg.AssetKey(["ops", "deleted_record"])
OPERATIONAL = {
    LEDGER: "One row per file of landing: what became of it and of its rows.",
    QUARANTINED: "Records that broke their contract: where, why, and how much money they are.",
    DELETED: "Records that a full extract no longer holds, or that are marked deleted.",
}


def _specs() -> Iterator[dg.AssetSpec]:
    for contract in load_contracts().values():
        yield dg.AssetSpec(
            _key(contract),
            group_name="raw",
            kinds={"duckdb", contract.source.split("_")[0]},
            description=contract.description,
            owners=[DATA_ENGINEERING],
            metadata={
                "contract": f"data/contracts/{contract.source}/{contract.path.name}",
                **table_metadata(
                    contract.schema,
                    contract.table,
                    (
                        table_column(f.column, f.type, f.description, required=f.required)
                        for f in contract.fields
                    ),
                ),
            },
        )
    for key, description in OPERATIONAL.items():
        yield dg.AssetSpec(
            key,
            group_name="raw",
            kinds={"duckdb"},
            description=description,
            owners=[DATA_ENGINEERING],
        )


def _key(contract: Contract) -> dg.AssetKey:
    """The key that dbt's source of the same table has."""
    return dg.AssetKey([contract.schema, contract.table])


@dg.multi_asset(
    specs=list(_specs()),
    check_specs=[
        dg.AssetCheckSpec(
            FILES_ACCEPTED,
            asset=LEDGER,
            description="No file of landing was rejected. The others are loaded and published.",
        )
    ],
    pool=WAREHOUSE_POOL,
    required_resource_keys={RESERVATION},
    retry_policy=RETRY,
)
def ingest(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Load every file of landing that is not known yet."""

    def show(progress: Progress) -> None:
        if progress.entry is None:
            context.log.info(f"{progress.position}/{progress.total} {progress.file_name}")

    with open_warehouse(Settings()) as warehouse:
        result = ingest_landing(Settings(), warehouse, show)
        tables = [*map(_key, load_contracts().values()), *OPERATIONAL]
        counts = row_counts(warehouse, [key.path for key in tables])
    for key, count in zip(tables, counts, strict=True):
        metadata: dict[str, int | str] = {"dagster/row_count": count}
        if key == LEDGER:
            metadata |= facts_of(result)
        yield dg.MaterializeResult(asset_key=key, metadata=metadata)
    _tell_of_rejected(result, context.log.warning)
    yield dg.AssetCheckResult(
        check_name=FILES_ACCEPTED,
        asset_key=LEDGER,
        passed=not result.rejected,
        metadata={entry.file_name: str(entry.error) for entry in result.rejected},
    )


def _tell_of_rejected(result: IngestResult, log: Callable[[str], None]) -> None:
    """Tell people of the files that were refused, once for the same files."""
    settings = Settings()
    files = ", ".join(entry.file_name for entry in result.rejected)
    key = f"rejected:{files}"
    clear(settings, "rejected:", except_for=key)
    if files:
        refused = Alert(
            key,
            what="files of landing were rejected:\n"
            + "\n".join(str(entry.error) for entry in result.rejected),
            money=f"not known, because they could not be read; {stake(settings)}",
            advice="mend or replace the files, or accept each with"
            " `salesops ingest --acknowledge FILE`; all other files are loaded",
            since=min((e.extract_date for e in result.rejected if e.extract_date), default=None),
        )
        tell(settings, refused, log)
