"""What the marts are made of, read into plain lists, with nothing worked out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

Row = dict[str, Any]
DAY = dt.timedelta(days=1)
CENT = Decimal("0.01")
VISIBLE = """
    select *, '{object}|' || id as record from raw_salesforce.{table}
    where _first_extract_date <= (
        select greatest($as_of, min(_first_extract_date)) from raw_salesforce.{table}
    )
    order by system_modstamp, _last_extract_date
"""


def read(connection: duckdb.DuckDBPyConnection, query: str, **values: object) -> list[Row]:
    result = connection.execute(query, values or None)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@dataclass(frozen=True)
class Period:
    kind: str
    first: dt.date
    end: dt.date  # the last day by the calendar
    last: dt.date  # the last day that has happened

    def has(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


class Facts:
    """Histories, rates, users, quotas and activities, and the company's calendar."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, *, timezone: str, fiscal_start: int
    ) -> None:
        self.timezone, self.fiscal_start = ZoneInfo(timezone), fiscal_start
        self.as_of: dt.date = read(connection, "from intermediate.int_as_of_date")[0]["as_of_date"]
        self.rates = read(connection, "from intermediate.int_exchange_rates")
        self.deals = read(connection, "from marts.fct_opportunity")
        self.histories: dict[str, list[Row]] = defaultdict(list)
        for version in read(connection, "from intermediate.int_opportunity_history order by all"):
            self.histories[version["opportunity_key"]].append(version)
        self.users = self._versions(connection, "User", "user")
        self.quotas = self._newest(connection, "ForecastingQuota", "forecasting_quota")
        self.tasks = self._newest(connection, "Task", "task")
        self.events = self._newest(connection, "Event", "event")
        self.activity_owners = {
            version["owner_id"]
            for name in ("Task", "Event")
            for versions in self._versions(connection, name, name.lower()).values()
            for version in versions
            if name == "Task" or not version["is_child"]
        }

    def _versions(
        self, connection: duckdb.DuckDBPyConnection, name: str, table: str
    ) -> dict[str, list[Row]]:
        """Versions by record, oldest first, those stamped after the as-of date left out."""
        versions: dict[str, list[Row]] = defaultdict(list)
        query = VISIBLE.format(object=name, table=table)
        for version in read(connection, query, as_of=self.as_of):
            key = version["record"]
            if not versions[key] or version["system_modstamp"] < self.start(self.as_of + DAY):
                versions[key].append(version)
        return versions

    def _newest(self, connection: duckdb.DuckDBPyConnection, name: str, table: str) -> list[Row]:
        gone = {
            row["record"]
            for row in read(
                connection,
                "select object || '|' || record_key as record from ops.deleted_record"
                " where deleted_date <= $as_of",
                as_of=self.as_of,
            )
        }
        newest = self._versions(connection, name, table)
        return [versions[-1] for key, versions in newest.items() if key not in gone]

    def start(self, day: dt.date) -> dt.datetime:
        """The UTC moment at which a business day begins."""
        midnight = dt.datetime.combine(day, dt.time(), self.timezone)
        return midnight.astimezone(dt.UTC).replace(tzinfo=None)

    def date(self, moment: dt.datetime) -> dt.date:
        return moment.replace(tzinfo=dt.UTC).astimezone(self.timezone).date()

    def amount(self, version: Row, day: dt.date) -> Decimal:
        """In the reporting currency; an unknown amount adds nothing."""
        if version["amount_original"] is None:
            return Decimal(0)
        for rate in self.rates:
            if rate["currency_code"] == version["currency_code"] and (
                rate["valid_from_date"] <= day < (rate["valid_to_date"] or dt.date.max)
            ):
                exact = version["amount_original"] * rate["reporting_rate"] / rate["rate"]
                return exact.quantize(CENT, ROUND_HALF_UP)
        return Decimal(0)

    def before(self, opportunity: str, moment: dt.datetime) -> Row | None:
        """The version that held just before a moment."""
        held = [v for v in self.histories[opportunity] if v["valid_from"] < moment]
        return held[-1] if held else None

    def path(self, user: str, moment: dt.datetime, *, including: bool) -> list[str]:
        """The user and everybody above; `including` a change at that very moment."""
        path: list[str] = []
        key: str | None = user
        while key is not None and key not in path:
            versions = self.users.get(f"User|{key.removeprefix('salesforce:')}")
            path.append(key)
            manager = None
            for place, version in enumerate(versions or []):
                stamp = version["system_modstamp"]
                if place == 0 or stamp < moment or (including and stamp == moment):
                    manager = version["manager_id"]
            key = f"salesforce:{manager}" if manager else None
        return path

    def periods(self, *kinds: str) -> list[Period]:
        first = min(self.date(versions[0]["valid_from"]) for versions in self.histories.values())
        periods = []
        for kind in kinds:
            begin = self._begin(kind, first)
            while begin <= self.as_of:
                after = self._next(kind, begin)
                end = after - DAY
                periods.append(Period(kind, begin, end, min(end, self.as_of)))
                begin = after
        return periods

    def _begin(self, kind: str, day: dt.date) -> dt.date:
        if kind == "week":
            return day - day.weekday() * DAY
        into_year = (day.month - self.fiscal_start) % 12
        back = {"month": 0, "quarter": into_year % 3, "year": into_year}[kind]
        return add_months(day.replace(day=1), -back)

    def _next(self, kind: str, begin: dt.date) -> dt.date:
        if kind == "week":
            return begin + 7 * DAY
        return add_months(begin, {"month": 1, "quarter": 3, "year": 12}[kind])


def add_months(first: dt.date, count: int) -> dt.date:
    month = first.month - 1 + count
    return dt.date(first.year + month // 12, month % 12 + 1, 1)
