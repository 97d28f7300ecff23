"""All scores of a run, from what was read to the rows of the tables."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from orchestration.forecast.inputs import Inputs
from orchestration.forecast.periods import QuarterPlaces, day_number
from orchestration.forecast.scores.reading import ScoreInputs
from orchestration.forecast.scores.score_deals import score_deals
from orchestration.forecast.scores.score_leads import score_leads
from orchestration.forecast.scores.tables import DRIFT, LEAD_SCORE, OPPORTUNITY_SCORE
from orchestration.forecast.tables import ACCURACY


def score(
    inputs: Inputs,
    score_inputs: ScoreInputs,
    quarters: QuarterPlaces,
    on_progress: Callable[[str], None],
) -> dict[str, pd.DataFrame]:
    """The rows of the score tables, and the scores' part of the accuracy.

    Args:
        inputs: The deals.
        score_inputs: The leads, and where owners sell.
        quarters: The company's fiscal quarters.
        on_progress: Told what is being scored.
    """
    on_progress(f"scoring open deals as of {inputs.as_of}")
    deals = score_deals(inputs, score_inputs.regions, quarters)
    on_progress(f"scoring leads as of {inputs.as_of}")
    leads = score_leads(score_inputs, day_number(inputs.as_of))
    return {
        OPPORTUNITY_SCORE: deals.rows,
        LEAD_SCORE: leads.rows,
        DRIFT: pd.DataFrame([*deals.watched, *leads.watched]),
        ACCURACY: pd.concat([deals.accuracy, leads.accuracy], ignore_index=True),
    }
