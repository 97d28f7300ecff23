"""What a loading run did, in words: for the terminal and for Dagster."""

from __future__ import annotations

from orchestration.ingest.run import IngestResult


def facts_of(result: IngestResult) -> dict[str, str]:
    """What happened to files and rows, by label; only what there is something to say of."""
    statuses = [entry.status for entry in result.entries]
    known = result.known_files + statuses.count("unchanged")
    rows = result.rows
    facts = {
        "Files": f"{statuses.count('loaded'):,} loaded, {known:,} known before, "
        f"{len(result.rejected):,} rejected",
        "Rows": f"{rows.read:,} read: {rows.new:,} new, {rows.changed:,} changed, "
        f"{rows.unchanged:,} unchanged, {rows.duplicate:,} duplicate, "
        f"{rows.quarantined:,} quarantined",
    }
    if not result.entries:
        facts["Rows"] = "nothing new in landing"
    if rows.deleted:
        facts["Deleted"] = f"{rows.deleted:,} records that full extracts no longer hold"
    warned = [entry for entry in result.entries if entry.warnings]
    if warned:
        facts["Warnings"] = "\n".join(
            f"{entry.file_name}: {warning}" for entry in warned for warning in entry.warnings
        )
    if result.unfinished:
        facts["Unfinished"] = f"left for the next run: {', '.join(result.unfinished)}"
    if result.unknown_objects:
        names = ", ".join(f"{o.source}/{o.object}" for o in result.unknown_objects)
        facts["No contract"] = f"left alone, because no contract describes them: {names}"
    return facts
