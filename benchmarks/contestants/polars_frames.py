"""The stated marts by polars: ``python polars_frames.py PLAN LANDING TARGET``.

It reads every extract typed, keeps the newest version of each record as Parquet, makes four marts
and keeps them as Parquet. It knows only what the made-up company needs: one CRM without deleted or
merged records that come back, and clean rows.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import polars as pl

Frames = dict[str, pl.DataFrame]
STATE = ["stage_name", "is_closed", "is_won", "forecast_category", "probability", "amount"]
STATE += ["close_date"]
CATEGORIES = {"BestCase": "Best Case", "Forecast": "Commit", "MostLikely": "Most Likely"}
PIPELINE = ["owner_key", "stage_key", "stage_name", "forecast_category"]
PIPELINE += ["close_fiscal_quarter_start_date"]
OPP = "opportunity_key"


def main(plan: str, landing: str, target: str) -> None:
    """Read, make and keep everything."""
    frames, newest = read(json.loads(Path(plan).read_text(encoding="utf-8")), Path(landing))
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.write_parquet(folder / f"raw_{name}.parquet")
    end = date.fromordinal(newest.toordinal() + 1)
    history = opportunity_history(frames, end)
    rates = exchange_rates(frames)
    marts = {
        "fct_activity": activities(frames, end),
        "fct_ad_performance_daily": ad_performance(frames["campaign_daily"], rates),
        "fct_opportunity_history": history,
        "mart_pipeline_daily": pipeline_daily(history, rates, newest),
    }
    for name, mart in marts.items():
        mart.write_parquet(folder / f"{name}.parquet")


def read(plan: dict[str, dict[str, dict[str, str]]], landing: Path) -> tuple[Frames, date]:
    """The newest version of each record by object, all versions of deals, and the newest day."""
    frames, newest = {}, date.min
    for name, told in plan.items():
        extracts = []
        for file in sorted(landing.glob(f"*/{name}/*/*.csv")):
            day = date.fromisoformat(file.parent.name)
            newest = max(newest, day)
            extracts.append(_extract(file, told["types"]).with_columns(_day=pl.lit(day)))
        if not extracts:
            continue
        keys = told["key"]
        rows = pl.concat(extracts, how="diagonal").collect()
        again = rows.filter(pl.struct(keys).is_duplicated())
        order = ["_day", *(c for c in ("SystemModstamp",) if c in rows.columns)]
        if name == "Opportunity":
            frames["Opportunity versions"] = rows
        last = again.sort(order).unique(keys, keep="last")
        frames[name] = pl.concat([rows.filter(~pl.struct(keys).is_duplicated()), last])
    return frames, newest


def _extract(file: Path, types: dict[str, str]) -> pl.LazyFrame:
    kinds = {"number": pl.Float64, "integer": pl.Int64, "boolean": pl.Boolean}
    texts = {name: kinds.get(kind, pl.String) for name, kind in types.items()}
    frame = pl.scan_csv(file, schema_overrides=texts, infer_schema=False)
    moments = [
        pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.3fZ", time_unit="us")
        for name, kind in types.items() if kind == "moment"
    ]  # fmt: skip
    days = [pl.col(n).str.to_date("%Y-%m-%d") for n, kind in types.items() if kind == "day"]
    return frame.with_columns(*moments, *days)


def key(column: str) -> pl.Expr:
    """The key of a Salesforce record."""
    return pl.lit("salesforce:") + pl.col(column)


def category(column: str) -> pl.Expr:
    """A forecast category under its name."""
    return pl.col(column).replace(CATEGORIES)


def activities(frames: Frames, end: date) -> pl.DataFrame:
    """Every task and meeting that is not deleted, and when it was done."""
    kind = pl.col("TaskSubtype").str.to_lowercase()
    other = pl.col("Type").str.to_lowercase()
    closed_at = pl.coalesce("CompletedDateTime", pl.col("ActivityDate").cast(pl.Datetime("us")))
    tasks = frames["Task"].select(
        "Id", "OwnerId", "AccountId", "WhatId", "IsDeleted",
        activity_source=pl.lit("task"),
        activity_type=pl.when(kind.is_in(["call", "email"])).then(kind)
        .when(other.is_in(["call", "email", "meeting"])).then(other).otherwise(pl.lit("other")),
        due_date="ActivityDate",
        ends_at=pl.when("IsClosed").then(closed_at),
    )  # fmt: skip
    events = frames["Event"].filter(~pl.col("IsChild")).select(
        "Id", "OwnerId", "AccountId", "WhatId", "IsDeleted",
        activity_source=pl.lit("event"),
        activity_type=pl.lit("meeting"),
        due_date=pl.col("StartDateTime").dt.date(),
        ends_at="EndDateTime",
    )  # fmt: skip
    is_done = (pl.col("ends_at") < end).fill_null(value=False)
    return pl.concat([tasks, events]).filter(~pl.col("IsDeleted")).select(
        key("Id").alias("activity_key"),
        key("OwnerId").alias("owner_key"),
        key("AccountId").alias("account_key"),
        pl.when(pl.col("WhatId").str.starts_with("006")).then(key("WhatId")).alias(OPP),
        "activity_source", "activity_type", "due_date",
        pl.when(is_done).then("ends_at").alias("done_at"),
        pl.when(is_done).then(pl.col("ends_at").dt.date()).alias("done_date"),
        is_done.alias("is_done"),
    )  # fmt: skip


def exchange_rates(frames: Frames) -> pl.DataFrame:
    """Stretches of days with one rate, in ten thousandths; the first holds from ever on."""
    quotes = frames["DatedConversionRate"].sort("IsoCode", "StartDate")
    starts = pl.col("StartDate")
    return quotes.select(
        currency_code="IsoCode",
        rate=(pl.col("ConversionRate") * 10_000).round().cast(pl.Int64),
        rate_from=pl.when(starts.cum_count().over("IsoCode") == 1)
        .then(date(1, 1, 1)).otherwise(starts),
        rate_to=starts.shift(-1).over("IsoCode"),
    )  # fmt: skip


def in_dollars(amount: str, unit: int) -> pl.Expr:
    """An amount in parts of a unit, at its rate, in cents, rounded half up."""
    parts = (pl.col(amount) * unit).round().cast(pl.Int64) * 10_000
    divisor = pl.col("rate") * (unit // 100)
    return (2 * parts + divisor) // (2 * divisor)


def ad_performance(days: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    """One row per campaign and day, its spend in dollars."""
    spent = days.with_columns(spend=pl.col("cost_micros") / 1_000_000).join(
        rates, left_on="currency_code", right_on="currency_code"
    )
    spent = spent.filter(
        pl.col("date") >= pl.col("rate_from"),
        pl.col("rate_to").is_null() | (pl.col("date") < pl.col("rate_to")),
    )
    account = pl.lit("google_ads:") + pl.col("customer_id")
    campaign = pl.lit("google_ads:") + pl.col("campaign_id")
    day = pl.col("date").dt.to_string("%Y-%m-%d")
    return spent.select(
        (account + ":" + pl.col("campaign_id") + ":" + day).alias("ad_performance_key"),
        account.alias("ad_account_key"),
        campaign.alias("ad_campaign_key"),
        ad_date="date",
        platform=pl.lit("google_ads"),
        channel=pl.lit("Paid Search"),
        campaign_name="campaign_name",
        impression_count="impressions",
        click_count="clicks",
        platform_conversion_count="conversions",
        spend_amount=in_dollars("spend", 1_000_000) / 100,
        spend_amount_original="spend",
        platform_conversion_amount=in_dollars("conversions_value", 1_000_000) / 100,
        platform_conversion_amount_original="conversions_value",
        currency_code="currency_code",
    )


def opportunity_history(frames: Frames, end: date) -> pl.DataFrame:
    """What held of each deal from when to when: its state, owner, account and deletion."""
    versions = deal_versions(frames["Opportunity versions"])
    deals = versions.group_by(OPP).agg(
        pl.col("CreatedDate").last().alias("created_at"),
        pl.col("CurrencyIsoCode").last().alias("currency_code"),
    )
    states = deal_states(frames, versions, deals)
    owners = relations(frames, versions, deals, "Owner")
    accounts = relations(frames, versions, deals, "Account")
    deletions = deleted(versions, deals)
    parts = {"state": states, "owner": owners, "account": accounts, "deletion": deletions}
    changes = [
        frame.select(OPP, "changed_at", pl.col("changed_at").alias(f"{name}_since"))
        for name, frame in parts.items()
    ]
    moments = (
        pl.concat(changes, how="diagonal")
        .filter(pl.col("changed_at") < end)
        .group_by(OPP, "changed_at")
        .agg(pl.col(f"{name}_since").max() for name in parts)
        .sort(OPP, "changed_at")
        .with_columns(pl.col(f"{name}_since").forward_fill().over(OPP) for name in parts)
        .with_columns(
            version_number=pl.col("changed_at").cum_count().over(OPP),
            valid_to=pl.col("changed_at").shift(-1).over(OPP),
        )
    )
    for name, frame in parts.items():
        held = frame.rename({"changed_at": f"{name}_since"})
        moments = moments.join(held, on=[OPP, f"{name}_since"], how="left")
    now = pl.col("changed_at")
    source = (
        pl.when(pl.col("history_source") == "assumed").then(pl.lit("assumed"))
        .when(pl.col("state_since") == now).then("history_source")
        .when(pl.col("owner_since") == now).then("owner_source")
        .when(pl.col("account_since") == now).then("account_source")
        .otherwise(pl.lit("observed"))
    )  # fmt: skip
    kept = moments.filter(~pl.col("is_deleted").fill_null(value=False)).join(deals, on=OPP)
    return kept.select(
        (pl.col(OPP) + ":" + pl.col("version_number").cast(pl.String))
        .alias("opportunity_version_key"),
        OPP, "owner_key", "account_key",
        key("stage_name").alias("stage_key"),
        "stage_name", "forecast_category", "probability",
        source.alias("history_source"),
        pl.col("amount").alias("amount_original"),
        "currency_code", "close_date",
        now.alias("valid_from"),
        "valid_to", "is_closed", "is_won",
    )  # fmt: skip


def deal_versions(rows: pl.DataFrame) -> pl.DataFrame:
    """Versions of deals, the oldest first; what several extracts hold alike is one."""
    content = [column for column in rows.columns if column != "_day"]
    return (
        rows.group_by(content)
        .agg(pl.col("_day").min().alias("first_day"), pl.col("_day").max().alias("last_day"))
        .sort("Id", "last_day", "SystemModstamp", "first_day")
        .with_columns(
            key("Id").alias(OPP),
            version_number=pl.col("Id").cum_count().over("Id"),
            effective_at=pl.col("SystemModstamp").cum_max().over("Id"),
        )
    )


def deal_states(frames: Frames, versions: pl.DataFrame, deals: pl.DataFrame) -> pl.DataFrame:
    """Each state that history rows or records tell of, and since when."""
    stages = frames["OpportunityStage"].select("ApiName", "IsClosed", "IsWon")
    columns = {
        "stage_name": "StageName", "amount": "Amount", "probability": "Probability",
        "close_date": "CloseDate", "is_closed": "IsClosed", "is_won": "IsWon",
    }  # fmt: skip
    told = frames["OpportunityHistory"].join(stages, left_on="StageName", right_on="ApiName")
    tracked = told.select(
        key("OpportunityId").alias(OPP),
        stated_at="CreatedDate", order=pl.lit(1), id="Id", number=pl.lit(0, pl.UInt32),
        history_source=pl.lit("tracked"), forecast_category=category("ForecastCategory"),
        **columns,
    )  # fmt: skip
    observed = versions.select(
        OPP,
        stated_at="effective_at", order=pl.lit(2), id=pl.lit(""), number="version_number",
        history_source=pl.lit("observed"), forecast_category=category("ForecastCategory"),
        **columns,
    )  # fmt: skip
    known = (
        pl.concat([tracked, observed])
        .join(deals, on=OPP)
        .sort(OPP, "stated_at", "order", "id", "number")
        .with_columns(
            (pl.col("probability") / 100).alias("probability"),
            pl.max_horizontal("stated_at", "created_at").alias("changed_at"),
        )
    )
    differs = pl.any_horizontal(
        pl.col(column).ne_missing(pl.col(column).shift(1)) for column in [OPP, *STATE]
    )
    known = known.filter(differs)
    assumed = (
        known.unique(OPP, keep="first", maintain_order=True)
        .filter(pl.col("created_at") < pl.col("changed_at"))
        .with_columns(pl.col("created_at").alias("changed_at"))
        .with_columns(history_source=pl.lit("assumed"))
    )
    last = known.unique([OPP, "changed_at"], keep="last", maintain_order=True)
    return pl.concat([assumed, last]).select(OPP, "changed_at", "history_source", *STATE)


def relations(
    frames: Frames, versions: pl.DataFrame, deals: pl.DataFrame, name: str
) -> pl.DataFrame:
    """Each owner or account of a deal, and since when."""
    column, source = f"{name.lower()}_key", f"{name.lower()}_source"
    named = pl.col("NewValue").str.contains("^00[15][A-Za-z0-9]{15}$")
    changes = frames["OpportunityFieldHistory"].filter((pl.col("Field") == name) & named)
    tracked = changes.select(
        key("OpportunityId").alias(OPP),
        key("OldValue").alias("before"), key("NewValue").alias(column),
        stated_at="CreatedDate", order=pl.lit(1), id="Id", number=pl.lit(0, pl.UInt32),
    )  # fmt: skip
    observed = versions.filter(pl.col(f"{name}Id").is_not_null()).select(
        OPP,
        pl.lit(None, pl.String).alias("before"), key(f"{name}Id").alias(column),
        stated_at="effective_at", order=pl.lit(2), id=pl.lit(""), number="version_number",
    )  # fmt: skip
    stated = (
        pl.concat([tracked, observed])
        .join(deals.select(OPP, "created_at"), on=OPP)
        .sort(OPP, "stated_at", "order", "id", "number")
        .with_columns(
            pl.max_horizontal("stated_at", "created_at").alias("changed_at"),
            pl.when(pl.col("order") == 1).then(pl.lit("tracked"))
            .otherwise(pl.lit("observed")).alias(source),
        )
    )  # fmt: skip
    first = stated.unique(OPP, keep="first", maintain_order=True).with_columns(
        pl.col("created_at").alias("changed_at"),
        pl.coalesce("before", column).alias(column),
        pl.lit("assumed").alias(source),
        pl.lit(0).alias("order"),
    )
    every = pl.concat([first.with_columns(place=pl.lit(0)), stated.with_columns(place=pl.lit(1))])
    every = every.sort(OPP, "place", maintain_order=True)
    differs = pl.any_horizontal(
        pl.col(which).ne_missing(pl.col(which).shift(1)) for which in (OPP, column)
    )
    changed = every.filter(differs)
    last = changed.unique([OPP, "changed_at"], keep="last", maintain_order=True)
    return last.select(OPP, "changed_at", column, source)


def deleted(versions: pl.DataFrame, deals: pl.DataFrame) -> pl.DataFrame:
    """When deals were deleted, or came back."""
    before = pl.col("IsDeleted").shift(1).over(OPP).fill_null(value=False)
    changes = versions.filter(pl.col("IsDeleted") != before).join(
        deals.select(OPP, "created_at"), on=OPP
    )
    at = pl.max_horizontal("effective_at", "created_at")
    changes = changes.select(OPP, at.alias("changed_at"), is_deleted="IsDeleted")
    return changes.unique([OPP, "changed_at"], keep="last", maintain_order=True)


def pipeline_daily(history: pl.DataFrame, rates: pl.DataFrame, newest: date) -> pl.DataFrame:
    """What was open at the end of each day, by owner, stage, category and quarter of the close."""
    quarter = pl.col("close_date").dt.truncate("1q").alias("close_fiscal_quarter_start_date")
    held = history.filter(
        ~pl.col("is_closed"), pl.col("forecast_category") != "Omitted"
    ).with_columns(
        quarter,
        held_from=pl.col("valid_from").dt.date(),
        held_until=pl.col("valid_to").dt.date(),
    )
    until, ends = pl.col("held_until"), pl.col("rate_to")
    stretches = (
        held.filter(until.is_null() | (pl.col("held_from") < until))
        .join(rates, on="currency_code")
        .filter(
            until.is_null() | (until > pl.col("rate_from")),
            ends.is_null() | (pl.col("held_from") < ends),
        )
        .with_columns(
            first=pl.max_horizontal("held_from", "rate_from"),
            last=pl.min_horizontal("held_until", "rate_to"),
            cents=in_dollars("amount_original", 100).fill_null(0),
        )
        .with_columns(
            weight=(pl.col("cents") * (pl.col("probability") * 10_000).round().cast(pl.Int64))
            .fill_null(0)
        )
    )  # fmt: skip
    sums = ["count", "cents", "weight"]
    begun = stretches.select(*PIPELINE, "cents", "weight", day="first", count=pl.lit(1))
    ended = stretches.filter(pl.col("last").is_not_null()).select(
        *PIPELINE, -pl.col("cents"), -pl.col("weight"), day="last", count=pl.lit(-1)
    )
    after = date.fromordinal(newest.toordinal() + 1)
    levels = (
        pl.concat([begun, ended])
        .group_by(*PIPELINE, "day")
        .agg(pl.col(column).sum() for column in sums)
        .sort(*PIPELINE, "day")
        .with_columns(
            *(pl.col(column).cum_sum().over(PIPELINE) for column in sums),
            pl.col("day").shift(-1).over(PIPELINE).fill_null(after).alias("until"),
        )
        .filter(pl.col("count") > 0, pl.col("day") <= newest)
    )
    return levels.select(
        pl.date_ranges("day", pl.min_horizontal("until", pl.lit(after)), closed="left")
        .alias("snapshot_date"),
        *PIPELINE,
        open_count="count",
        open_amount=pl.col("cents") / 100,
        weighted_amount=pl.col("weight") / 1_000_000,
    ).explode("snapshot_date")  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
