"""What a loading run did, in words: for the terminal and for Dagster."""

from __future__ import annotations

import shlex

from orchestration.ingest.run import IngestResult
from orchestration.ingest.schema_change import by_urgency

FILES_ACCEPTED = "every_file_is_accepted"
"""Name of the check of the load ledger that fails where a file was rejected."""

SHOWN_WARNINGS = 10


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
    told = [(e.file_name, warning) for e in result.entries for warning in e.warnings]
    told.sort(key=lambda file_and_warning: by_urgency(file_and_warning[1]))
    warnings = [f"{file_name}: {warning}" for file_name, warning in told]
    if warnings:
        more = len(warnings) - SHOWN_WARNINGS
        facts["Warnings"] = "\n".join(
            warnings[:SHOWN_WARNINGS] + ([f"and {more} more in ops.load_ledger"] * (more > 0))
        )
    if result.withdrawn:
        facts["Taken away"] = f"no longer rejected: {', '.join(result.withdrawn)}"
    if result.unfinished:
        facts["Unfinished"] = f"left for the next run: {', '.join(result.unfinished)}"
    if result.unknown_objects:
        facts["Left alone"] = "\n".join(
            f"no contract describes {unknown.source}/{unknown.object}; to draft one:"
            f" salesops contracts draft {shlex.quote(unknown.example)}"
            for unknown in result.unknown_objects
        )
    return facts
