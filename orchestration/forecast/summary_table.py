"""What ``mart_forecast_summary`` is: its columns and what they mean."""

from __future__ import annotations

from orchestration.forecast.table import AS_OF, RUN_ID, Column, Table

MONEY = "decimal(18, 2)"
SUMMARY = Table(
    "One row per run, node and period: the published forecast beside quota, commit, best case, "
    "what was submitted and the naive, and what is missing.",
    {
        "forecast_run_id": RUN_ID,
        "as_of_date": AS_OF,
        "node_type": Column("varchar not null", "As in fct_forecast."),
        "node_key": Column("varchar not null", "As in fct_forecast."),
        "period_type": Column("varchar not null", "'month' or 'quarter' (fiscal)."),
        "period_start_date": Column("date not null", "First day of the period."),
        "horizon": Column("integer not null", "Periods ahead; 0 is the one in progress."),
        "quota_amount": Column(
            MONEY,
            "Quota of the node for the whole period, each month's by the tree at its end or at the "
            "as-of date; NULL where there is none.",
        ),
        "won_amount": Column(f"{MONEY} not null", "Booked already."),
        "open_amount": Column(f"{MONEY} not null", "Expected of deals that exist."),
        "new_amount": Column(f"{MONEY} not null", "Expected of deals not yet created."),
        "mean_amount": Column(f"{MONEY} not null", "The forecast: the sum of the three."),
        "p10_amount": Column(MONEY, "Exceeded with a chance of 90 %; NULL until errors are known."),
        "p50_amount": Column(MONEY, "Exceeded with a chance of 50 %; NULL as p10."),
        "p90_amount": Column(MONEY, "Exceeded with a chance of 10 %; NULL as p10."),
        "commit_amount": Column(
            f"{MONEY} not null",
            "Booked, and open deals of category Commit whose close date lies in the period.",
        ),
        "best_case_amount": Column(
            f"{MONEY} not null", "The commit, and open deals of Most Likely and Best Case."
        ),
        "submitted_amount": Column(
            MONEY,
            "What the rep, or the manager for the team, submitted last as commit; NULL without a "
            "submission for each month of the period.",
        ),
        "naive_amount": Column(
            f"{MONEY} not null", "The seasonal naive: what the forecast has to beat."
        ),
        "gap_amount": Column(
            MONEY, "Quota less forecast: what is missing, below 0 what is more; NULL without quota."
        ),
        "needed_pipeline_amount": Column(
            MONEY,
            "Further pipeline that would fill the gap, at the share by amount that the company won "
            "of what closed in the last 365 days; 0 without a gap, NULL without quota or wins.",
        ),
        "published_method": Column("varchar not null", "The method whose forecast it is."),
        "is_naive": Column(
            "boolean not null",
            "Whether it is the naive's, as nothing was seen to beat it; the run's note says why.",
        ),
        "skill": Column(
            "double",
            "Share of the naive's error that the method saved for this level, period type and "
            "horizon at past origins; below 0 the naive did better. NULL where none could tell.",
        ),
    },
    ("forecast_run_id", "node_type", "node_key", "period_type", "period_start_date"),
)
