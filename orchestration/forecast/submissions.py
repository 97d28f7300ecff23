"""What reps and managers submitted as their forecasts, as far as it was known at a moment.

A rep's submission is for the rep, a manager's for the whole team. The number is the commit: what is
closed in the month and what is sure to close.
"""

from __future__ import annotations

import pandas as pd

from orchestration.forecast.methods import SUBMITTED

ADJUSTED = "adjusted"
"""What the managers above made of what a user submitted."""

SUBMISSIONS = """
    select
        user_key,
        forecasting_type_key,
        extract(year from month_start_date) * 12 + extract(month from month_start_date) - 1
            as month,
        forecast_category,
        is_cumulative,
        product_family is not null as is_of_family,
        cast(submitted_amount as double) as submitted,
        cast(adjusted_amount as double) as adjusted,
        valid_from,
        valid_to
    from marts.fct_forecast_submission
    where user_key is not null and month_start_date is not null
        and submitted_amount is not null and forecast_category in ('Commit', 'Closed')
    order by submission_key
"""


def known_submissions(submissions: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    """What had been submitted last for each user and month.

    A roll-up that holds what is closed is taken as it is; where the CRM keeps categories apart, it
    is what is committed and what is closed. Of several kinds of forecast the one with most records
    counts, and of forecasts by product family and for all products the latter.

    Args:
        submissions: The rows of `SUBMISSIONS`.
        moment: UTC; later versions are not seen.

    Returns:
        A row per ``user_key`` and ``month``, with the amounts `SUBMITTED` and `ADJUSTED` of the
        whole month in the reporting currency.
    """
    begun, ended = submissions["valid_from"] < moment, submissions["valid_to"] < moment
    known = submissions[begun & ~ended]
    kinds = known["forecasting_type_key"].fillna("")
    known = known[kinds.isin(kinds.value_counts().sort_index().nlargest(1).index)]
    each = known.groupby(["user_key", "month"])
    has_total = each["is_of_family"].transform("min") == 0
    known = known[~(has_total & known["is_of_family"])]
    rolls_up = known["is_cumulative"] & (known["forecast_category"] == "Commit")
    has_roll_up = rolls_up.groupby([known["user_key"], known["month"]]).transform("max")
    counted = known[rolls_up | ~has_roll_up.astype(bool)]
    return counted.groupby(["user_key", "month"])[[SUBMITTED, ADJUSTED]].sum()
