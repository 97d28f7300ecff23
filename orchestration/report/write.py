"""Reports as files, made from the newest published version.

Each lies under ``reports/<kind>/``, named by kind and as-of date; ``latest.html`` and
``latest.xlsx`` lead to the one made last. The same version gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from orchestration.report.calls import call_sheets
from orchestration.report.contents import Report
from orchestration.report.edition import Edition, newest_edition
from orchestration.report.monthly import monthly_review
from orchestration.report.page import report_page
from orchestration.report.weekly import weekly_report
from orchestration.report.workbook import report_workbook
from orchestration.settings import Settings

Name = Literal["weekly", "monthly", "calls"]
REPORTS: dict[Name, Callable[[Edition], Report]] = {
    "weekly": weekly_report,
    "monthly": monthly_review,
    "calls": call_sheets,
}
UNDATED = "undated"
"""Stands for the as-of date where no extract was loaded."""


@dataclass(frozen=True)
class ReportFiles:
    """A report that was written; ``as_of`` is None where no extract was loaded."""

    as_of: dt.date | None
    page: Path
    workbook: Path


def write_report(settings: Settings, name: Name) -> ReportFiles:
    """Make a report from the newest published version.

    Args:
        settings: Where the published database and the reports are.
        name: Which one.

    Raises:
        NotPublishedError: nothing was published yet.
        CompanyError: the company file cannot be used.
    """
    with newest_edition(settings) as edition:
        report = REPORTS[name](edition)
        page = report_page(report, edition).encode()
        workbook = report_workbook(report, edition)
    folder = settings.home / "reports" / report.kind
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{report.kind}-{report.as_of or UNDATED}"
    return ReportFiles(
        report.as_of,
        _put(page, file.with_name(f"{file.name}.html")),
        _put(workbook, file.with_name(f"{file.name}.xlsx")),
    )


def _put(content: bytes, file: Path) -> Path:
    """Write a file at once, and let the latest of its form lead to it."""
    draft = file.with_name(f"{file.name}.new")
    draft.write_bytes(content)
    draft.replace(file)
    link = file.with_name(f"latest{file.suffix}.new")
    link.unlink(missing_ok=True)
    link.symlink_to(file.name)
    link.replace(file.with_name(f"latest{file.suffix}"))
    return file
