"""Checks of the forecast's tables, made after it and before anything is published."""

from __future__ import annotations

from orchestration.quality.check import (
    Check,
    between,
    no_rows,
    not_null,
    one_of,
    unique_together,
)
from orchestration.quality.mart import Mart

SHARES = ("interval_coverage", "auc", "brier", "calibration_error")
NODE_TYPES = ("company", "region", "team", "rep", "account")


def forecast_checks() -> tuple[Check, ...]:
    """The checks of all tables of the forecast, those of one table one after the other."""
    marts = (_runs(), _forecasts(), _summaries(), _accuracy())
    return tuple(check for mart in marts for check in mart.checks)


def _runs() -> Mart:
    mart = Mart("fct_forecast_run", "forecast_run_id")
    mart.must_have_keys()
    mart.must(
        "one_run_counts_for_each_date",
        "Of the runs of one as-of date, one is current.",
        no_rows(
            """
            select min(forecast_run_id) as forecast_run_id from {table}
            group by as_of_date having count_if(is_current) <> 1
            """,
            "one run of each date is current",
        ),
    )
    return mart


def _forecasts() -> Mart:
    mart = Mart(
        "fct_forecast",
        *("forecast_run_id", "node_type", "node_key"),
        *("period_type", "period_start_date", "method"),
    )
    mart.must_have_keys()
    mart.must(
        "forecasts_add_up",
        "What reps, regions and accounts should book adds up to the company, in every method.",
        no_rows(
            """
            select
                forecast_run_id, 'company' as node_type, 'company' as node_key,
                period_type, period_start_date, method
            from {table}
            group by forecast_run_id, period_type, period_start_date, method
            having abs(
                coalesce(sum(mean_amount) filter (where node_type = 'company'), 0)
                - coalesce(sum(mean_amount) filter (where node_type = 'rep'), 0)
            ) > 0.000001
            or abs(
                sum(mean_amount) filter (where node_type = 'company')
                - sum(mean_amount) filter (where node_type = 'region')
            ) > 0.000001
            or abs(
                sum(mean_amount) filter (where node_type = 'company')
                - sum(mean_amount) filter (where node_type = 'account')
            ) > 0.000001
            """,
            "reps, and regions and accounts where there are any, add up to the company",
        ),
    )
    mart.must(
        "one_method_is_published",
        "Every node and period of a run has one published forecast, whose parts are the whole.",
        no_rows(
            """
            select
                forecast_run_id, node_type, node_key, period_type, period_start_date,
                min(method) as method
            from {table}
            group by forecast_run_id, node_type, node_key, period_type, period_start_date
            having count_if(is_published) <> 1
            """,
            "one method is published",
        ),
        mart.never(
            "is_published and abs(mean_amount - won_amount - open_amount - new_amount) > 0.000001",
            "won, open and new are the whole of the mean",
        ),
    )
    mart.must(
        "ranges_are_in_order",
        "p10 is not above p50, nor p50 above p90, and the mean is within.",
        mart.never(
            "p10_amount > p50_amount or p50_amount > p90_amount"
            " or mean_amount < p10_amount or mean_amount > p90_amount",
            "the range is in order and holds the mean",
        ),
    )
    mart.must("values_are_known", "Levels are known.", one_of("node_type", NODE_TYPES))
    return mart


def _summaries() -> Mart:
    mart = Mart(
        "mart_forecast_summary",
        *("forecast_run_id", "node_type", "node_key", "period_type", "period_start_date"),
    )
    mart.must_have_keys()
    mart.must(
        "every_published_forecast_is_summarised",
        "Each node and period of a run that keeps summaries has its published forecast there.",
        no_rows(
            """
            select
                forecast_run_id, node_type, node_key, period_type, period_start_date
            from marts.fct_forecast as forecasts
            left join {table} as summaries
                using (forecast_run_id, node_type, node_key, period_type, period_start_date)
            where forecasts.is_published
                and forecast_run_id in (select forecast_run_id from {table})
                and summaries.mean_amount is distinct from forecasts.mean_amount
            """,
            "the summary has what is published",
        ),
    )
    mart.must(
        "gaps_are_what_is_missing",
        "A gap is the quota less the forecast, and what fills it is not negative.",
        mart.never(
            "gap_amount is distinct from quota_amount - mean_amount or needed_pipeline_amount < 0",
            "a gap is the quota less the forecast",
        ),
    )
    return mart


def _accuracy() -> Mart:
    parts = ("forecast_run_id", "node_type", "period_type", "horizon", "method")
    mart = Mart("mart_forecast_accuracy", *parts, "node_key")
    mart.must(
        "keys_are_unique",
        "There is one row per key; only single people are named.",
        unique_together(mart.key_columns),
        *map(not_null, parts),
    )
    mart.must(
        "measures_are_possible",
        "Errors are not negative, and shares are from 0 to 1.",
        *(between(column, 0, 1) for column in SHARES),
        mart.never("wape < 0 or mase < 0 or pinball_loss < 0", "errors are not negative"),
    )
    mart.must(
        "published_ranges_hold",
        "Ranges of 80 %, all levels pooled, held in 70 to 95 % of at least 200 past forecasts.",
        no_rows(
            """
            select
                forecast_run_id, 'all' as node_type, period_type,
                0 as horizon, max(method) as method, null as node_key
            from {table}
            where is_published and as_of_date = (select max(as_of_date) from {table})
                and horizon > 0
            group by forecast_run_id, period_type
            having sum(interval_count) >= 200
                and sum(interval_coverage * interval_count) / sum(interval_count)
                not between 0.70 and 0.95
            """,
            "ranges hold about as often as they say",
        ),
        severity="warning",
    )
    return mart
