"""Sheets that a company keeps itself, made for the users of the sample company."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

Row = dict[str, Any]

DELIVERED = dt.date(2026, 5, 31)
RAMP = {0: "0", 1: "0.25", 3: "0.5"}  # month 2 has the rate of month 1; month 4 the whole quota


def deliver(landing: Path) -> list[Row]:
    """Write roster, ramp and quotas; return the rows of the roster."""
    users = landing / "salesforce" / "User" / str(DELIVERED) / "User.csv"
    with users.open(newline="", encoding="utf-8") as handle:
        ids = [row["Id"] for row in csv.DictReader(handle)]
    roster = [_employee(number, user) for number, user in enumerate(ids) if number % 5]
    _write(landing, "roster", roster)
    _write(
        landing,
        "ramp",
        [{"role": "AE", "tenure_month": month, "ramp_rate": rate} for month, rate in RAMP.items()],
    )
    _write(
        landing,
        "quota",
        [
            {
                "employee_id": row["employee_id"],
                "month": dt.date(2026, month, 1),
                "quota_type": "Bookings",
                "amount": f"{1000 * month + number}.05",
                "currency_code": "USD",
            }
            for number, row in enumerate(roster)
            for month in (5, 6, 7)
        ],
    )
    return roster


def _employee(number: int, user: str) -> Row:
    """Hired on some day of 2025, month ends among them; every seventh has left."""
    hired = dt.date(2025, 1, 31) + dt.timedelta(days=11 * number)
    left = hired + dt.timedelta(days=100) if number % 7 == 0 else ""
    return {
        "employee_id": f"E{number:03d}",
        "user_id": user[:15] if number % 2 else user,
        "hire_date": hired,
        "role": "ae " if number % 3 else "Manager",
        "valid_from": hired,
        "valid_to": left,
    }


def _write(landing: Path, name: str, rows: list[Row]) -> None:
    file = landing / "company" / name / str(DELIVERED) / f"{name}.csv"
    file.parent.mkdir(parents=True)
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
