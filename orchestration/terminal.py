"""What a run shows on the terminal while it works, and the summary at its end."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table

STEP_TITLES = {
    "ingest": "Load extracts",
    "raw_checks": "Check raw tables",
    "marts": "Build and test models",
    "mart_checks": "Check marts",
    "forecast": "Forecast bookings",
    "publish": "Publish",
}


class RunProgress:
    """Shows each step of a Dagster run as it happens; call it with every event of the run.

    On a terminal the step at work is a status line; elsewhere each step is a line when it ends.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("Starting ...") if console.is_terminal else None
        self._started: dict[str, float] = {}

    def __enter__(self) -> RunProgress:
        if self._status:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status:
            self._status.stop()

    def __call__(self, entry: Any) -> None:
        """Take in one event-log entry of the run."""
        event = entry.dagster_event
        step = entry.step_key
        if step is None:
            return
        title = STEP_TITLES.get(step, step)
        if event is None:
            self._show(f"{title}: {entry.user_message.splitlines()[0]}")
        elif event.event_type_value == "STEP_START":
            self._started[step] = time.monotonic()
            self._show(f"{title} ...")
        elif event.event_type_value == "ASSET_MATERIALIZATION":
            self._show(f"{title}: {event.asset_key.to_user_string()}")
        elif event.event_type_value == "STEP_SUCCESS":
            self._console.print(f"[green]✓[/] {title} [dim]{self._seconds(step):.1f} s[/]")
        elif event.event_type_value == "STEP_FAILURE":
            self._console.print(f"[red]✗[/] {title} [dim]{self._seconds(step):.1f} s[/]")
        elif event.event_type_value == "STEP_UP_FOR_RETRY":
            self._console.print(f"[yellow]↻[/] {title} failed and is tried again")

    def _show(self, text: str) -> None:
        if self._status:
            self._status.update(text[: max(self._console.width - 4, 20)])

    def _seconds(self, step: str) -> float:
        return time.monotonic() - self._started.get(step, time.monotonic())


def print_facts(console: Console, title: str, facts: Iterable[tuple[str, str]]) -> None:
    """Print ``(label, text)`` pairs as a two-column table; long texts are wrapped, never cut."""
    table = Table(
        title=title, title_justify="left", title_style="bold", show_header=False, box=None
    )
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in facts:
        table.add_row(label, text)
    console.print()
    console.print(table)
