"""The marts of a small made-up company, built as dbt builds them: as of a date."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
from small_company import EVER, FIRST_EXTRACT, PROBABILITIES, ZONE, Version, World

from orchestration.forecast.combine import Outlook, outlooks
from orchestration.forecast.inputs import Inputs, read_inputs
from orchestration.forecast.origins import make
from orchestration.forecast.periods import QuarterPlaces


def inputs_of(world: World, as_of: dt.date) -> Inputs:
    """What a run of a date reads of a world."""
    return read_inputs(build_marts(world, as_of), as_of, ZoneInfo(ZONE))


def outlooks_of(inputs: Inputs, origin: dt.date) -> dict[tuple[str, str], Outlook]:
    """What is forecast from an origin while no earlier one has taught anything."""
    return outlooks(make(inputs, origin, QuarterPlaces(1), []))


def day_end(day: dt.date) -> dt.datetime:
    """The UTC moment at which a business day ends."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(ZONE))
    return midnight.astimezone(dt.UTC).replace(tzinfo=None)


def build_marts(world: World, as_of: dt.date | None) -> duckdb.DuckDBPyConnection:
    """A warehouse with the marts that the forecast reads, holding what was known on ``as_of``."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("create schema marts; create schema intermediate")
    connection.execute("create table intermediate.int_as_of_date (as_of_date date)")
    connection.execute("insert into intermediate.int_as_of_date values (?)", [as_of])
    _create(
        connection,
        "intermediate.int_exchange_rates",
        "currency_code varchar, rate decimal(24, 10), reporting_rate decimal(24, 10),"
        " valid_from_date date, valid_to_date date",
        [("USD", 1, 1, dt.date(1, 1, 1), None), ("EUR", 0.5, 1, dt.date(1, 1, 1), None)],
    )
    end = day_end(as_of) if as_of else EVER
    _build_opportunities(connection, world, end)
    _build_users(connection, world, end)
    _build_leads(connection, world, as_of or EVER.date())
    _build_submissions(connection, world, end)
    _create(
        connection,
        "marts.fct_quota",
        "owner_key varchar, month_start_date date, quota_type varchar, amount decimal(18, 2),"
        " is_current boolean",
        [(quota.user, quota.month, "bookings", quota.amount, True) for quota in world.quotas],
    )
    connection.execute("create schema staging")
    _create(
        connection,
        "staging.stg_company__market_index_versions",
        "series_name varchar, month_start_date date, index_value double, valid_from timestamp,"
        " valid_to timestamp",
        [
            (figure.series, figure.month, figure.value, figure.valid_from, None)
            for figure in world.market
            if figure.valid_from < end
        ],
    )
    connection.execute("create schema ops")
    connection.execute(
        "create table ops.load_ledger (source varchar, status varchar, extract_date date)"
    )
    connection.execute(
        "insert into ops.load_ledger values ('salesforce', 'loaded', ?)", [FIRST_EXTRACT]
    )
    return connection


def _build_opportunities(
    connection: duckdb.DuckDBPyConnection, world: World, end: dt.datetime
) -> None:
    present, history = [], []
    for key, all_versions in world.deals.items():
        versions = [version for version in all_versions if version.valid_from < end]
        ends = [version.valid_from for version in versions[1:]] + [None]
        history += [
            (
                f"{key}:{number}", key, v.owner, v.source, v.amount, v.currency, v.close_date,
                v.valid_from, valid_to, v.is_closed, v.is_won, _stage(v), v.account,
                PROBABILITIES[_stage(v)],
            )
            for number, (v, valid_to) in enumerate(zip(versions, ends, strict=False), 1)
            if not v.is_deleted
        ]  # fmt: skip
        if versions and not versions[-1].is_deleted:
            present.append(_present(key, versions))
    _create(
        connection,
        "marts.fct_opportunity",
        "opportunity_key varchar, owner_key varchar, owner_at_close_key varchar,"
        " amount decimal(18, 2), created_at timestamp, closed_at timestamp, created_date date,"
        " close_date date, is_closed boolean, is_won boolean, account_key varchar,"
        " forecast_category varchar",
        present,
    )
    _create(
        connection,
        "marts.fct_opportunity_history",
        "opportunity_version_key varchar, opportunity_key varchar, owner_key varchar,"
        " history_source varchar, amount_original decimal(18, 2), currency_code varchar,"
        " close_date date, valid_from timestamp, valid_to timestamp, is_closed boolean,"
        " is_won boolean, stage_name varchar, account_key varchar, probability double",
        history,
    )


def _stage(version: Version) -> str:
    if version.is_closed:
        return "Won" if version.is_won else "Lost"
    return version.stage


def _present(key: str, versions: list[Version]) -> tuple[object, ...]:
    now = versions[-1]
    outcome = now
    for version in reversed(versions):
        if (version.is_closed, version.is_won) != (now.is_closed, now.is_won):
            break
        outcome = version
    closed_at, owner_at_close = None, None
    if now.is_closed:
        closed_at, owner_at_close = outcome.valid_from, outcome.owner
        if outcome.source == "assumed":
            closed_at = day_end(now.close_date) - dt.timedelta(microseconds=1)
    created_at = versions[0].valid_from
    worth = {"USD": 1.0, "EUR": 2.0}.get(now.currency)
    amount = None if now.amount is None or worth is None else now.amount * worth
    return (
        key, now.owner, owner_at_close, amount, created_at, closed_at,
        (created_at + dt.timedelta(hours=7)).date(), now.close_date, now.is_closed, now.is_won,
        now.account, now.category,
    )  # fmt: skip


def _build_users(connection: duckdb.DuckDBPyConnection, world: World, end: dt.datetime) -> None:
    rows = []
    for key in sorted({user.key for user in world.users}):
        every = [user for user in world.users if user.key == key]
        known = [user for user in every if user.valid_from < end] or every[:1]
        ends = [user.valid_from for user in known[1:]] + [None]
        rows += [
            (
                user.key,
                user.manager,
                user.region,
                user.is_active,
                EVER if not n else user.valid_from,
                valid_to,
            )
            for n, (user, valid_to) in enumerate(zip(known, ends, strict=True))
        ]
    _create(
        connection,
        "marts.dim_user_history",
        "user_key varchar, manager_key varchar, region varchar, is_active boolean,"
        " valid_from timestamp, valid_to timestamp",
        rows,
    )
    _create(
        connection,
        "marts.dim_user",
        "user_key varchar, region varchar",
        [(key, region) for key, _, region, _, _, valid_to in rows if valid_to is None],
    )


def _build_leads(connection: duckdb.DuckDBPyConnection, world: World, as_of: dt.date) -> None:
    def known(day: dt.date | None) -> dt.date | None:
        return day if day and day <= as_of else None

    leads = {key: lead for key, lead in world.leads.items() if lead.became <= as_of}
    _create(
        connection,
        "marts.fct_lead",
        "lead_key varchar, source_system varchar, lead_source varchar, status varchar,"
        " became_lead_date date, converted_date date, opportunity_date date, responded_date date,"
        " response_minutes double, mql_date date, sql_date date, is_lead boolean",
        [
            (
                key, lead.crm, lead.source, lead.status, lead.became, known(lead.converted), None,
                known(lead.responded), 90.0 if known(lead.responded) else None,
                known(lead.qualified), None, True,
            )
            for key, lead in leads.items()
        ],
    )  # fmt: skip
    _create(
        connection,
        "marts.fct_touchpoint",
        "touchpoint_key varchar, lead_key varchar, channel varchar, touched_at timestamp,"
        " touched_date date",
        [
            (f"{key}:{number}", key, channel, dt.datetime.combine(day, dt.time(5)), day)
            for key, lead in leads.items()
            for number, (day, channel) in enumerate(lead.touches)
            if day <= as_of
        ],
    )


def _build_submissions(
    connection: duckdb.DuckDBPyConnection, world: World, end: dt.datetime
) -> None:
    _create(
        connection,
        "marts.fct_forecast_submission",
        "submission_key varchar, user_key varchar, month_start_date date,"
        " forecasting_type_key varchar, forecast_category varchar, is_cumulative boolean,"
        " product_family varchar, submitted_amount decimal(18, 2), adjusted_amount decimal(18, 2),"
        " valid_from timestamp, valid_to timestamp",
        [
            (
                f"{number:05}", each.user, each.month, each.kind, each.category,
                each.is_cumulative, each.family, each.amount, each.adjusted or each.amount,
                each.valid_from,
                each.valid_to if each.valid_to and each.valid_to < end else None,
            )
            for number, each in enumerate(world.submissions)
            if each.valid_from < end
        ],
    )  # fmt: skip


def _create(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: list[tuple[object, ...]]
) -> None:
    connection.execute(f"create table {name} ({columns})")
    if rows:
        kinds = re.findall(r"(\w+) ([a-z]+(?:\([^)]*\))?)", columns)
        frame = pd.DataFrame(rows, columns=[column for column, _ in kinds]).astype(object)
        connection.register("made_up", frame.where(frame.notna(), None))
        typed = ", ".join(f"cast({column} as {kind})" for column, kind in kinds)
        connection.execute(f"insert into {name} select {typed} from made_up")
        connection.unregister("made_up")
