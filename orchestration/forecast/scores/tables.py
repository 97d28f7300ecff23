"""The tables of the scores; what they have in common with the forecast's is in `table`."""

from __future__ import annotations

from orchestration.forecast.table import AS_OF, RUN_ID, Column, Table

OPPORTUNITY_SCORE, LEAD_SCORE, DRIFT = "fct_opportunity_score", "fct_lead_score", "mart_score_drift"


def _provenance(enough: str) -> dict[str, Column]:
    return {
        "method": Column(
            "varchar not null",
            "'model': learned from outcomes; 'rule': a rule of thumb, nothing measured, until "
            f"{enough}.",
        ),
        "is_calibrated": Column(
            "boolean not null",
            "Whether the chance was corrected by what came of earlier ones; what was not corrected "
            "puts deals or leads in order, and no more.",
        ),
        "calibration_count": Column(
            "integer not null",
            "Earlier chances whose outcome corrected it; 0 without a correction.",
        ),
    }


def _reasons() -> dict[str, Column]:
    places = enumerate(("most", "second most", "third most"), 1)
    columns: dict[str, Column] = {}
    for number, place in places:
        columns[f"reason_{number}"] = Column(
            "varchar",
            f"What moved the chance {place}, 'raised: ...' or 'lowered: ...'; NULL where nothing "
            "else moved it by half a point.",
        )
        columns[f"reason_{number}_effect"] = Column(
            "double", "By how much: the chance less what it would be if that were as usual."
        )
    return columns


SCORE_TABLES = {
    OPPORTUNITY_SCORE: Table(
        "One row per run and open opportunity: its chance to be won, when, and why. The runs with "
        "is_current in fct_forecast_run count.",
        {
            "forecast_run_id": RUN_ID,
            "as_of_date": AS_OF,
            "opportunity_key": Column(
                "varchar not null", "The opportunity, a key of fct_opportunity."
            ),
            "win_chance": Column(
                "double not null",
                "Chance (0-1) to be won within 182 days of the as-of date; by rule, at all.",
            ),
            "expected_close_date": Column(
                "date",
                "If it is won, the day by which that is as likely to have happened as not; by "
                "rule, the close date that stands on it, NULL once that has passed.",
            ),
            **_reasons(),
            **_provenance("200 deals had been won and 200 lost"),
        },
        ("forecast_run_id", "opportunity_key"),
    ),
    LEAD_SCORE: Table(
        "One row per run and lead that became one within the last 365 days and has not converted: "
        "its chance to, and why. The runs with is_current in fct_forecast_run count.",
        {
            "forecast_run_id": RUN_ID,
            "as_of_date": AS_OF,
            "lead_key": Column("varchar not null", "The lead, a key of fct_lead."),
            "conversion_chance": Column(
                "double not null",
                "Chance (0-1) to convert, or to become an opportunity, within 90 days of the as-of "
                "date.",
            ),
            **_reasons(),
            **_provenance("120 leads had converted"),
        },
        ("forecast_run_id", "lead_key"),
    ),
    DRIFT: Table(
        "One row per run, score, measure and thing watched: whether what is scored, and what came "
        "of it lately, still resembles what the scores learned from.",
        {
            "forecast_run_id": RUN_ID,
            "as_of_date": AS_OF,
            "score": Column("varchar not null", "'opportunity' or 'lead'."),
            "measure": Column(
                "varchar not null",
                "'population_stability_index': of those scored now against those of the past "
                "year's quarters; 'calibration_deviations': what came of the last two quarters' "
                "less what was expected, in standard deviations.",
            ),
            "watched": Column(
                "varchar not null",
                "The feature; of calibration, 'all', the region of a deal's owner or the CRM of a "
                "lead.",
            ),
            "value": Column("double not null", "The measure."),
            "warning_limit": Column(
                "double not null",
                "From where on, in either direction, a value is no chance: .25 or, of few cases, "
                "what 99 % of samples stay below; 3 deviations.",
            ),
            "is_drifted": Column("boolean not null", "Whether the value is beyond the limit."),
            "case_count": Column("integer not null", "Deals or leads looked at."),
            "note": Column("varchar not null", "What changed most, in words."),
        },
        ("forecast_run_id", "score", "measure", "watched"),
    ),
}
