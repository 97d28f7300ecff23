"""What a run shows on the terminal while it works, and the summary at its end."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress as ProgressBar
from rich.table import Table

from orchestration.ingest.facts import FILES_ACCEPTED
from orchestration.ingest.ledger import LedgerEntry
from orchestration.ingest.refused import RefusedGroup, RefusedRecord
from orchestration.ingest.run import Progress
from orchestration.report.summary import Attention
from orchestration.settings import Settings

STEP_TITLES = {
    "ingest": "Load extracts",
    "raw_tables_keep_their_contracts": "Check raw tables",
    "marts": "Build and test models",
    "marts_are_sound": "Check marts",
    "forecast": "Forecast bookings",
    "forecasts_are_sound": "Check forecasts",
    "published_database": "Publish",
}


class RunProgress:
    """Shows each step of a Dagster run as it happens; call it with every event of the run.

    On a terminal the step at work is a status line; elsewhere each step is a line when it ends.
    It keeps what the summary tells: facts that steps reported, checks, and failures.
    """

    def __init__(self, console: Console) -> None:
        self.failures: list[str] = []
        self.rejected: list[str] = []
        self._facts: dict[str, str] = {}
        self._checks: Counter[str] = Counter()
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
            self._show(f"{title}: {entry.user_message.partition(chr(10))[0]}")
        elif event.event_type_value == "STEP_START":
            self._started[step] = time.monotonic()
            self._show(f"{title} ...")
        elif event.event_type_value == "ASSET_MATERIALIZATION":
            self._show(f"{title}: {event.asset_key.to_user_string()}")
            self._remember(event.step_materialization_data.materialization)
        elif event.event_type_value == "ASSET_CHECK_EVALUATION":
            self._count(event.asset_check_evaluation_data)
        elif event.event_type_value == "STEP_SUCCESS":
            self._console.print(f"[green]✓[/] {title} [dim]{self._seconds(step):.1f} s[/]")
        elif event.event_type_value == "STEP_FAILURE":
            self._console.print(f"[red]✗[/] {title} [dim]{self._seconds(step):.1f} s[/]")
            self._fail(title, _root_cause(event.step_failure_data.error))
        elif event.event_type_value == "STEP_UP_FOR_RETRY":
            self._console.print(f"[yellow]↻[/] {title} failed and is tried again")

    def facts(self) -> dict[str, str]:
        """What happened, by label, for the summary."""
        checks = ", ".join(f"{count:,} {what}" for what, count in sorted(self._checks.items()))
        return self._facts | ({"Checks": checks} if checks else {})

    def _remember(self, materialization: Any) -> None:
        metadata = {name: value.value for name, value in materialization.metadata.items()}
        name = materialization.asset_key.to_user_string()
        if name == "ops/load_ledger":
            self._facts |= {key: text for key, text in metadata.items() if isinstance(text, str)}
        elif name == "published_database":
            what = "new version" if metadata["is_new"] else "nothing changed since version"
            self._facts["As of"] = metadata["as_of_date"]
            self._facts["Published"] = f"{what} {metadata['version']}: {metadata['database']}"
            if metadata["shown_version"] != metadata["version"]:
                self._facts["Readers"] = (
                    f"are kept at version {metadata['shown_version']} by a rollback;"
                    " `salesops rollback --end` shows them the newest"
                )

    def _count(self, check: Any) -> None:
        if check.passed:
            self._checks["passed"] += 1
        elif check.check_name == FILES_ACCEPTED:
            self.rejected = [str(error.value) for error in check.metadata.values()]
        elif check.severity.value == "WARN":
            self._checks["warned"] += 1
        else:
            self._checks["failed"] += 1
            table = check.asset_key.to_user_string()
            self.failures.append(f"check of {table}: {check.description or check.check_name}")

    def _fail(self, title: str, error: Any) -> None:
        if error.cls_name != "DagsterAssetCheckFailedError":  # its checks are listed already
            self.failures.append(f"{title}: {_message(error)}")

    def _show(self, text: str) -> None:
        if self._status:
            self._status.update(escape(text[: max(self._console.width - 4, 20)]))

    def _seconds(self, step: str) -> float:
        return time.monotonic() - self._started.get(step, time.monotonic())


class LoadProgress:
    """Shows file after file of `salesops ingest`; call it with each step of loading."""

    def __init__(self, console: Console) -> None:
        self._bar = ProgressBar(console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("Loading", total=None)

    def __enter__(self) -> LoadProgress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, progress: Progress) -> None:
        """Take in that a file is begun or done."""
        self._bar.update(
            self._task,
            description=escape(progress.file_name),
            total=progress.total,
            completed=progress.position - (progress.entry is None),
        )


@contextmanager
def show_deals(console: Console) -> Iterator[Callable[[int, int], None]]:
    """A progress bar over the deals of a generated company, as the callback that moves it."""
    with ProgressBar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Opportunities", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def open_log(settings: Settings) -> Iterator[Path]:
    """Send what Dagster and dbt print to a log file of this run, and yield the file's path."""
    folder = settings.home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / time.strftime("run-%Y%m%dT%H%M%S.log", time.gmtime())
    with file.open("a", encoding="utf-8") as log, redirect_stdout(log), redirect_stderr(log):
        yield file


def print_attention(console: Console, found: Iterable[Attention]) -> None:
    """Print what needs attention, or that nothing does."""
    table = Table(title="Needs attention", title_justify="left", title_style="bold", box=None)
    for heading in ("what", "where", "why"):
        table.add_column(heading, overflow="fold")
    for item in found:
        table.add_row(item.what, item.where, item.why)
    console.print()
    console.print(table if table.row_count else "Nothing needs attention.")


def print_files(console: Console, entries: Iterable[LedgerEntry]) -> None:
    """Print what became of each file, one a line, with what should be told about it."""
    for entry in entries:
        rows = entry.rows
        counts = {
            "new": rows.new, "changed": rows.changed, "unchanged": rows.unchanged,
            "duplicate": rows.duplicate, "quarantined": rows.quarantined, "deleted": rows.deleted,
        }  # fmt: skip
        told = [f"{count:,} {what}" for what, count in counts.items() if count]
        said = [f"{rows.read:,} read" + (f": {', '.join(told)}" if told else ""), *entry.warnings]
        if entry.status != "loaded":
            said = [entry.error or "the same bytes as before"]
        style = {"loaded": "green", "unchanged": "dim", "rejected": "red"}[entry.status]
        console.print(f"[{style}]{entry.status:<9}[/] {escape(entry.file_name)}", soft_wrap=True)
        for text in said:
            console.print(f"{'':<10}{escape(text)}", soft_wrap=True, highlight=False)


def print_refused(console: Console, groups: Iterable[RefusedGroup]) -> None:
    """Print groups of refused records: how many, of what, with what money, and why."""
    console.print("\n[bold]Quarantined[/]")
    for group in groups:
        money = [f"{currency} {amount:,.2f}".strip() for currency, amount in group.amounts.items()]
        told = [f"{group.records:,} of {group.source}/{group.object}", *money]
        console.print(f"[yellow]{escape(', '.join(told))}[/]", soft_wrap=True, highlight=False)
        console.print(f"{'':<10}{escape(group.example)}", soft_wrap=True, highlight=False)


def print_record(console: Console, record: RefusedRecord) -> None:
    """Print one refused record: where it is, what it is about, every reason, and its text."""
    money = f", {record.currency_code or ''} {record.amount:,.2f}" if record.amount else ""
    key = f"   {record.source}/{record.object} {record.record_key or 'without a key'}{money}"
    console.print(
        f"\n[bold]{escape(record.file_name)}, line {record.line_number}[/]", soft_wrap=True
    )
    console.print(escape(key), soft_wrap=True, highlight=False)
    for reason in record.reasons:
        console.print(f"   [red]-[/] {escape(reason)}", soft_wrap=True, highlight=False)
    console.print(escape(record.raw_text), soft_wrap=True, highlight=False, style="dim")


def _root_cause(error: Any) -> Any:
    """The error that the others wrap."""
    while error.cause is not None:
        error = error.cause
    return error


def _message(error: Any) -> str:
    """What an error says, without its traceback and the path of its class."""
    return re.sub(r"^[\w.]+: ", "", str(error.message).strip())


def print_facts(console: Console, title: str, facts: Iterable[tuple[str, str]]) -> None:
    """Print ``(label, text)`` pairs below a title, one a line; nothing is cut."""
    console.print(f"\n[bold]{title}[/]")
    for label, text in facts:
        indented = escape(text).replace("\n", "\n" + " " * 12)
        console.print(f"[cyan]{label:<11}[/] {indented}", soft_wrap=True, highlight=False)
