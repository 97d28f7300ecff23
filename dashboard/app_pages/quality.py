"""How far the figures can be trusted, and what money is in question."""

from __future__ import annotations

import streamlit as st

from dashboard import elements
from dashboard.view import View, current
from orchestration.queries import quality

TILES = {
    "passed_check_count": "check_result",
    "failed_check_count": "check_result",
    "quarantined_row_count": "quarantined_row",
    "rejected_file_count": "load_ledger",
    "schema_change_count": "schema_change",
}
"""What is counted, and of which table's rows."""


def show(view: View) -> None:
    """The whole page."""
    totals = view.read(quality.totals)
    elements.section(
        view, "The published version", totals, tuple(dict.fromkeys(TILES.values())), ""
    )
    with st.container(horizontal=True):
        for column, table in TILES.items():
            elements.tile(view, totals, column, (table,))
    for title, query, of, empty, note in (
        (
            "Money in question",
            quality.affected,
            ("data_quality_summary",),
            "Nothing: every check holds for every row.",
            "Amounts are in the currency beside them; several checks may be about the same rows.",
        ),
        (
            "Checks",
            quality.checks,
            ("check_result",),
            "No check was made of this version.",
            "What does not hold comes first.",
        ),
        (
            "Quarantine",
            quality.quarantined,
            ("quarantined_row",),
            "No row is in quarantine.",
            "Rows that were refused and no later extract mends; `salesops quarantine` shows all.",
        ),
        (
            "Freshness",
            quality.freshness,
            ("load_ledger",),
            "No file was loaded.",
            "The newest extract of each object, and how many days it is behind the newest of all.",
        ),
        (
            "Changes of columns",
            quality.schema_changes,
            ("schema_change",),
            "Every extract has the columns that its contract names.",
            "",
        ),
    ):
        frame = view.read(query)
        if elements.section(view, title, frame, of, empty, note):
            elements.table(view, frame, of)


show(current())
