"""Checks of the scores, and the watch over their drift, which warns and blocks nothing."""

from __future__ import annotations

from orchestration.quality.check import Check, between, no_rows, one_of
from orchestration.quality.mart import Mart

PRESENT_RUN = """(
    select forecast_run_id from marts.fct_forecast_run
    where is_current and as_of_date = (select as_of_date from intermediate.int_as_of_date)
)"""
"""The run of the date that the marts are true for."""


def score_checks() -> tuple[Check, ...]:
    """The checks of all tables of the scores, those of one table one after the other."""
    return tuple(check for mart in (_opportunities(), _leads(), _drift()) for check in mart.checks)


def _opportunities() -> Mart:
    mart = Mart("fct_opportunity_score", "forecast_run_id", "opportunity_key")
    mart.must_have_keys()
    _must_be_possible(mart, "win_chance")
    mart.must(
        "orders_are_expected_later",
        "No order is expected on a day that was over.",
        mart.never("expected_close_date <= as_of_date", "orders are expected after the as-of date"),
    )
    mart.must(
        "every_open_opportunity_is_scored",
        "The present run scores every opportunity that is open as of its date.",
        no_rows(
            f"""
            select run.forecast_run_id, opportunity.opportunity_key
            from marts.fct_opportunity as opportunity
            cross join {PRESENT_RUN} as run
            where
                not opportunity.is_closed
                and opportunity.opportunity_key not in (
                    select opportunity_key from {{table}}
                    where forecast_run_id in {PRESENT_RUN}
                )
            """,
            "every open opportunity is scored",
        ),
        severity="warning",
    )
    return mart


def _leads() -> Mart:
    mart = Mart("fct_lead_score", "forecast_run_id", "lead_key")
    mart.must_have_keys()
    _must_be_possible(mart, "conversion_chance")
    mart.must(
        "nobody_scored_has_converted",
        "The present run scores no lead that has converted.",
        mart.never(
            f"forecast_run_id in {PRESENT_RUN} and lead_key in (select lead_key from marts.fct_lead"
            " where is_converted or opportunity_date is not null)",
            "scored leads have not converted",
        ),
    )
    return mart


def _must_be_possible(mart: Mart, chance: str) -> None:
    mart.must(
        "scores_are_possible",
        "Chances are from 0 to 1, what moved them most comes first, rules are not calibrated.",
        between(chance, 0, 1),
        one_of("method", ("model", "rule")),
        mart.never(
            "abs(reason_2_effect) > abs(reason_1_effect)"
            " or abs(reason_3_effect) > abs(reason_2_effect)",
            "what moved a chance most comes first",
        ),
        mart.never(
            "is_calibrated <> (calibration_count > 0) or (method = 'rule' and is_calibrated)",
            "a calibrated score says on how many outcomes",
        ),
    )


def _drift() -> Mart:
    mart = Mart("mart_score_drift", "forecast_run_id", "score", "measure", "watched")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Scores are known, and drifted is what is beyond its limit.",
        one_of("score", ("opportunity", "lead")),
        mart.never("is_drifted <> (abs(value) > warning_limit)", "drifted is beyond the limit"),
    )
    _must_not_drift(
        mart,
        "population_stability_index",
        "scored_are_like_those_of_the_past_year",
        "What the present run scored is made up as in the year before.",
    )
    _must_not_drift(
        mart,
        "calibration_deviations",
        "as_many_come_as_were_expected",
        "Of what was scored in the last two quarters about as much came as the chances said.",
    )
    return mart


def _must_not_drift(mart: Mart, measure: str, name: str, description: str) -> None:
    mart.must(
        name,
        description,
        mart.never(
            f"is_drifted and measure = '{measure}' and forecast_run_id in {PRESENT_RUN}",
            "nothing has drifted",
        ),
        severity="warning",
    )
