"""The stated marts by pandas: ``python pandas_frames.py PLAN LANDING TARGET``.

It reads every extract typed, keeps the newest version of each record as Parquet, makes four marts
and keeps them as Parquet. It knows only what the made-up company needs: one CRM without deleted or
merged records that come back, and clean rows.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Frames = dict[str, pd.DataFrame]
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
        frame.to_parquet(folder / f"raw_{name}.parquet")
    end = newest + pd.Timedelta(days=1)
    history = opportunity_history(frames, end)
    rates = exchange_rates(frames)
    marts = {
        "fct_activity": activities(frames, end),
        "fct_ad_performance_daily": ad_performance(frames["campaign_daily"], rates),
        "fct_opportunity_history": history,
        "mart_pipeline_daily": pipeline_daily(history, rates, newest),
    }
    for name, mart in marts.items():
        mart.to_parquet(folder / f"{name}.parquet", index=False)


def read(plan: dict[str, dict[str, Any]], landing: Path) -> tuple[Frames, pd.Timestamp]:
    """The newest version of each record by object, all versions of deals, and the newest day."""
    frames, newest = {}, pd.Timestamp(0)
    for name, told in plan.items():
        extracts = []
        for file in sorted(landing.glob(f"*/{name}/*/*.csv")):
            day = pd.Timestamp(file.parent.name)
            newest = max(newest, day)
            extracts.append(_extract(file, told["types"]).assign(_day=day))
        rows = pd.concat(extracts, ignore_index=True)
        if name == "Opportunity":
            frames["Opportunity versions"] = rows
        again = rows.duplicated(told["key"], keep=False)
        order = [c for c in ("_day", "SystemModstamp") if c in rows.columns]
        last = (
            rows[again].sort_values(order, kind="stable").drop_duplicates(told["key"], keep="last")
        )
        frames[name] = pd.concat([rows[~again], last], ignore_index=True)
    return frames, newest


def _extract(file: Path, types: dict[str, str]) -> pd.DataFrame:
    dtypes = {"number": "float64", "integer": "Int64", "boolean": "boolean"}
    frame = pd.read_csv(
        file,
        dtype={name: dtypes.get(kind, "string") for name, kind in types.items()},
        keep_default_na=False,
        na_values=[""],
    )
    for name, kind in types.items():
        if kind == "moment":
            stamps = pd.to_datetime(frame[name], format="%Y-%m-%dT%H:%M:%S.%fZ")
            frame[name] = stamps.astype("datetime64[us]")
        elif kind == "day":
            # The end of all days, 9999-12-31, is none that pandas could read.
            days = pd.to_datetime(frame[name], format="%Y-%m-%d", errors="coerce")
            frame[name] = days.astype("datetime64[us]")
    return frame


def key(ids: pd.Series[Any]) -> pd.Series[Any]:
    """The keys of Salesforce records."""
    return "salesforce:" + ids


def activities(frames: Frames, end: pd.Timestamp) -> pd.DataFrame:
    """Every task and meeting that is not deleted, and when it was done."""
    tasks, events = frames["Task"], frames["Event"]
    kind, other = tasks.TaskSubtype.str.lower(), tasks.Type.str.lower()
    of_other = other.where(other.isin(["call", "email", "meeting"]), "other")
    ends_at = tasks.CompletedDateTime.fillna(tasks.ActivityDate)
    tasks = tasks.assign(
        activity_source="task",
        activity_type=kind.where(kind.isin(["call", "email"]), of_other),
        due_date=tasks.ActivityDate,
        ends_at=ends_at.where(tasks.IsClosed.astype(bool)),
    )
    events = events[~events.IsChild.astype(bool)]
    events = events.assign(
        activity_source="event",
        activity_type="meeting",
        due_date=events.StartDateTime.dt.normalize(),
        ends_at=events.EndDateTime,
    )
    columns = ["Id", "OwnerId", "AccountId", "WhatId", "IsDeleted"]
    columns += ["activity_source", "activity_type", "due_date", "ends_at"]
    both = pd.concat([tasks[columns], events[columns]], ignore_index=True)
    both = both[~both.IsDeleted.astype(bool)]
    is_done = both.ends_at < end
    done_at = both.ends_at.where(is_done)
    return pd.DataFrame(
        {
            "activity_key": key(both.Id),
            "owner_key": key(both.OwnerId),
            "account_key": key(both.AccountId),
            OPP: key(both.WhatId).where(both.WhatId.str.startswith("006")),
            "activity_source": both.activity_source,
            "activity_type": both.activity_type,
            "due_date": both.due_date,
            "done_at": done_at,
            "done_date": done_at.dt.normalize(),
            "is_done": is_done,
        }
    )


def exchange_rates(frames: Frames) -> pd.DataFrame:
    """Stretches of days with one rate, in ten thousandths; the first holds from ever on."""
    quotes = frames["DatedConversionRate"].sort_values(["IsoCode", "StartDate"])
    starts = quotes.groupby("IsoCode").StartDate
    return pd.DataFrame(
        {
            "currency_code": quotes.IsoCode,
            "rate": (quotes.ConversionRate * 10_000).round().astype("int64"),
            "rate_from": quotes.StartDate.where(starts.cumcount() > 0, pd.Timestamp("1700-01-01")),
            "rate_to": starts.shift(-1).fillna(pd.Timestamp("2200-01-01")),
        }
    )


def in_dollars(amounts: pd.Series[Any], rates: pd.Series[Any], unit: int) -> pd.Series[Any]:
    """Amounts, in parts of a unit, at their rates, in cents, rounded half up; 0 for none."""
    parts = (amounts.fillna(0) * unit).round().astype("int64") * 10_000
    divisors = rates * (unit // 100)
    return (2 * parts + divisors) // (2 * divisors)


def ad_performance(days: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign and day, its spend in dollars."""
    spent = days.merge(rates, on="currency_code")
    spent = spent[(spent.date >= spent.rate_from) & (spent.date < spent.rate_to)]
    account = "google_ads:" + spent.customer_id
    spend = spent.cost_micros / 1_000_000
    return pd.DataFrame(
        {
            "ad_performance_key": account + ":" + spent.campaign_id + ":"
            + spent.date.dt.strftime("%Y-%m-%d"),
            "ad_account_key": account,
            "ad_campaign_key": "google_ads:" + spent.campaign_id,
            "ad_date": spent.date,
            "platform": "google_ads",
            "channel": "Paid Search",
            "campaign_name": spent.campaign_name,
            "impression_count": spent.impressions,
            "click_count": spent.clicks,
            "platform_conversion_count": spent.conversions,
            "spend_amount": in_dollars(spend, spent.rate, 1_000_000) / 100,
            "spend_amount_original": spend,
            "platform_conversion_amount": in_dollars(
                spent.conversions_value, spent.rate, 1_000_000
            ) / 100,
            "platform_conversion_amount_original": spent.conversions_value,
            "currency_code": spent.currency_code,
        }
    )  # fmt: skip


def opportunity_history(frames: Frames, end: pd.Timestamp) -> pd.DataFrame:
    """What held of each deal from when to when: its state, owner, account and deletion."""
    versions = deal_versions(frames["Opportunity versions"])
    newest = versions.drop_duplicates(OPP, keep="last")
    deals = newest[[OPP]].assign(
        created_at=newest.CreatedDate, currency_code=newest.CurrencyIsoCode
    )
    parts = {
        "state": deal_states(frames, versions, deals),
        "owner": relations(frames, versions, deals, "Owner"),
        "account": relations(frames, versions, deals, "Account"),
        "deletion": deleted(versions, deals),
    }
    changes = [
        frame[[OPP, "changed_at"]].assign(**{f"{name}_since": frame.changed_at})
        for name, frame in parts.items()
    ]
    every = pd.concat(changes, ignore_index=True)
    every = every[every.changed_at < end]
    moments = every.groupby([OPP, "changed_at"], as_index=False).max()
    deal = moments.groupby(OPP)
    since = [f"{name}_since" for name in parts]
    moments[since] = deal[since].ffill()
    moments["version_number"] = deal.cumcount() + 1
    moments["valid_to"] = deal.changed_at.shift(-1)
    for name, frame in parts.items():
        held = frame.rename(columns={"changed_at": f"{name}_since"})
        moments = moments.merge(held, on=[OPP, f"{name}_since"], how="left")
    now = moments.changed_at
    moments["history_source"] = np.select(
        [
            (moments.history_source == "assumed").to_numpy(bool),
            (moments.state_since == now).to_numpy(bool),
            (moments.owner_since == now).to_numpy(bool),
            (moments.account_since == now).to_numpy(bool),
        ],
        [
            moments.history_source.astype(object),
            moments.history_source.astype(object),
            moments.owner_source.astype(object),
            moments.account_source.astype(object),
        ],
        "observed",
    )
    kept = moments[~moments.is_deleted.astype("boolean").fillna(value=False).astype(bool)]
    kept = kept.merge(deals, on=OPP)
    kept["opportunity_version_key"] = kept[OPP] + ":" + kept.version_number.astype(str)
    kept["stage_key"] = key(kept.stage_name)
    kept = kept.rename(columns={"amount": "amount_original", "changed_at": "valid_from"})
    return kept[
        ["opportunity_version_key", OPP, "owner_key", "account_key", "stage_key", "stage_name",
         "forecast_category", "probability", "history_source", "amount_original",
         "currency_code", "close_date", "valid_from", "valid_to", "is_closed", "is_won"]
    ]  # fmt: skip


def deal_versions(rows: pd.DataFrame) -> pd.DataFrame:
    """Versions of deals, the oldest first; what several extracts hold alike is one."""
    content = [column for column in rows.columns if column != "_day"]
    same = rows.groupby(content, dropna=False, as_index=False, sort=False)
    versions: pd.DataFrame = same.agg(first_day=("_day", "min"), last_day=("_day", "max"))
    versions = versions.sort_values(["Id", "last_day", "SystemModstamp", "first_day"])
    versions[OPP] = key(versions.Id)
    deal = versions.groupby("Id")
    versions["version_number"] = deal.cumcount() + 1
    versions["effective_at"] = deal.SystemModstamp.cummax()
    return versions


def deal_states(frames: Frames, versions: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """Each state that history rows or records tell of, and since when."""
    stages = frames["OpportunityStage"][["ApiName", "IsClosed", "IsWon"]]
    told = frames["OpportunityHistory"].merge(stages, left_on="StageName", right_on="ApiName")
    tracked = _stated(told, key(told.OpportunityId), told.CreatedDate, "tracked", told.Id, 0)
    observed = _stated(
        versions, versions[OPP], versions.effective_at, "observed", "", versions.version_number
    )
    known = pd.concat([tracked, observed], ignore_index=True)
    known = known.merge(deals[[OPP, "created_at"]], on=OPP)
    known = known.sort_values([OPP, "stated_at", "order", "id", "number"])
    known["changed_at"] = known[["stated_at", "created_at"]].max(axis=1)
    known = known[_differs(known, [OPP, *STATE])]
    first = known.drop_duplicates(OPP)
    first = first[first.created_at < first.changed_at]
    assumed = first.assign(changed_at=first.created_at, history_source="assumed")
    last = known.drop_duplicates([OPP, "changed_at"], keep="last")
    return pd.concat([assumed, last])[[OPP, "changed_at", "history_source", *STATE]]


def _stated(
    rows: pd.DataFrame, deal: Any, stated_at: Any, source: str, row_id: Any, number: Any
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            OPP: deal, "stated_at": stated_at, "order": 1 if source == "tracked" else 2,
            "id": row_id, "number": number, "history_source": source,
            "forecast_category": rows.ForecastCategory.replace(CATEGORIES),
            "stage_name": rows.StageName, "amount": rows.Amount,
            "probability": rows.Probability / 100, "close_date": rows.CloseDate,
            "is_closed": rows.IsClosed, "is_won": rows.IsWon,
        }
    )  # fmt: skip


def _differs(frame: pd.DataFrame, columns: list[str]) -> pd.Series[Any]:
    """Whether any column is another one than in the row before; NULL is like NULL."""
    differs = pd.Series(data=False, index=frame.index)
    for column in columns:
        now, before = frame[column], frame[column].shift(1)
        same = (now == before).fillna(value=False) | (now.isna() & before.isna())
        differs |= ~same.astype(bool)
    return differs


def relations(
    frames: Frames, versions: pd.DataFrame, deals: pd.DataFrame, name: str
) -> pd.DataFrame:
    """Each owner or account of a deal, and since when."""
    column, source = f"{name.lower()}_key", f"{name.lower()}_source"
    changes = frames["OpportunityFieldHistory"]
    named = changes.NewValue.str.fullmatch("00[15][A-Za-z0-9]{15}")
    changes = changes[(changes.Field == name) & named]
    tracked = pd.DataFrame(
        {
            OPP: key(changes.OpportunityId), "before": key(changes.OldValue),
            column: key(changes.NewValue), "stated_at": changes.CreatedDate, "order": 1,
            "id": changes.Id, "number": 0, source: "tracked",
        }
    )  # fmt: skip
    seen = versions[versions[f"{name}Id"].notna()]
    observed = pd.DataFrame(
        {
            OPP: seen[OPP], "before": None, column: key(seen[f"{name}Id"]),
            "stated_at": seen.effective_at, "order": 2, "id": "",
            "number": seen.version_number, source: "observed",
        }
    )  # fmt: skip
    stated = pd.concat([tracked, observed.astype({"before": "string"})], ignore_index=True)
    stated = stated.merge(deals[[OPP, "created_at"]], on=OPP)
    stated = stated.sort_values([OPP, "stated_at", "order", "id", "number"])
    stated["changed_at"] = stated[["stated_at", "created_at"]].max(axis=1)
    first = stated.drop_duplicates(OPP)
    first = first.assign(changed_at=first.created_at)
    first[column] = first.before.fillna(first[column])
    first[source] = "assumed"
    every = pd.concat([first, stated], ignore_index=True).sort_values(OPP, kind="stable")
    changed = every[_differs(every, [OPP, column])]
    last = changed.drop_duplicates([OPP, "changed_at"], keep="last")
    return last[[OPP, "changed_at", column, source]]


def deleted(versions: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """When deals were deleted, or came back."""
    is_deleted = versions.IsDeleted.astype(bool)
    before = is_deleted.groupby(versions.Id).shift(1, fill_value=False)
    changes = versions[is_deleted != before].merge(deals[[OPP, "created_at"]], on=OPP)
    changes["changed_at"] = changes[["effective_at", "created_at"]].max(axis=1)
    changes = changes.rename(columns={"IsDeleted": "is_deleted"})
    last = changes.drop_duplicates([OPP, "changed_at"], keep="last")
    return last[[OPP, "changed_at", "is_deleted"]]


def pipeline_daily(
    history: pd.DataFrame, rates: pd.DataFrame, newest: pd.Timestamp
) -> pd.DataFrame:
    """What was open at the end of each day, by owner, stage, category and quarter of the close."""
    is_open = ~history.is_closed.astype(bool) & (history.forecast_category != "Omitted")
    held = history[is_open]
    never = pd.Timestamp("2200-01-01")
    held = held.assign(
        close_fiscal_quarter_start_date=held.close_date.dt.to_period("Q").dt.start_time,
        held_from=held.valid_from.dt.normalize(),
        held_until=held.valid_to.dt.normalize().fillna(never),
    )
    held = held[held.held_from < held.held_until].merge(rates, on="currency_code")
    held = held[(held.held_until > held.rate_from) & (held.held_from < held.rate_to)]
    first = held[["held_from", "rate_from"]].max(axis=1)
    last = held[["held_until", "rate_to"]].min(axis=1)
    cents = in_dollars(held.amount_original, held.rate, 100)
    weight = cents * (held.probability.fillna(0) * 10_000).round().astype("int64")
    begun = held[PIPELINE].assign(day=first, count=1, cents=cents, weight=weight)
    ended = held[PIPELINE].assign(day=last, count=-1, cents=-cents, weight=-weight)
    sums = ["count", "cents", "weight"]
    after = newest + pd.Timedelta(days=1)
    changes = pd.concat([begun, ended[ended.day < never]], ignore_index=True)
    levels = changes.groupby([*PIPELINE, "day"], as_index=False)[sums].sum()
    groups = levels.groupby(PIPELINE)
    until = groups.day.shift(-1).fillna(after)
    levels["until"] = until.where(until < after, after)
    levels[sums] = groups[sums].cumsum()
    levels = levels[(levels["count"] > 0) & (levels.day <= newest)]
    days = (levels.until - levels.day).dt.days.to_numpy()
    place = np.repeat(np.arange(len(levels)), days)
    offset = np.arange(days.sum()) - np.repeat(np.cumsum(days) - days, days)
    repeated = levels.iloc[place]
    return repeated[PIPELINE].assign(
        snapshot_date=repeated.day + pd.to_timedelta(offset, unit="D"),
        open_count=repeated["count"],
        open_amount=repeated.cents / 100,
        weighted_amount=repeated.weight / 1_000_000,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
