"""No model learns from what is written down after the outcome is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from orchestration.forecast.late_fields import LateFieldError, is_late
from orchestration.forecast.logistic import fit_logistic


@pytest.mark.parametrize(
    "field",
    ["LossReason__c", "loss_reason", "closed_lost_reason", "ConvertedDate", "is_converted",
     "Status", "Lead Quality", "Asymmetrique Activity Score", "Last Notable Activity", "IsWon"],
)  # fmt: skip
def test_a_field_written_after_the_outcome_is_known_by_any_spelling(field):
    assert is_late(field)


@pytest.mark.parametrize("field", ["Lead Source", "stage", "time to close date", "Last Activity"])
def test_a_field_that_is_known_before_may_be_learned_from(field):
    assert not is_late(field)


def test_a_regression_on_a_late_field_is_refused_by_name():
    levels = pd.DataFrame(
        {"source": pd.Categorical(["Web", "Fair"]), "Loss Reason": pd.Categorical(["", "Price"])}
    )
    with pytest.raises(LateFieldError, match="Loss Reason: written after the outcome is known"):
        fit_logistic(levels, np.array([True, False]))


def test_what_a_feature_usually_adds_is_its_average_over_the_rows_learned_from():
    levels = pd.DataFrame({"stage": pd.Categorical(["late"] * 300 + ["early"] * 100)})
    model = fit_logistic(levels, np.arange(400) % 3 == 0)
    usual = model.parts(levels)["stage"].mean()
    assert model.usual["stage"] == pytest.approx(usual, abs=1e-12)
