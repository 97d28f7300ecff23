"""The drawings of a run."""

from __future__ import annotations

import base64
import json
import re
from xml.etree import ElementTree

import pytest

from orchestration.forecast.plots import chart, drawings

SVG = "{http://www.w3.org/2000/svg}"


def read(drawing: str) -> ElementTree.Element:
    """The picture in a Markdown image."""
    (encoded,) = re.fullmatch(r"!\[.*\]\(data:image/svg\+xml;base64,(.*)\)", drawing).groups()
    return ElementTree.fromstring(base64.b64decode(encoded))  # noqa: S314


def heights(shape: ElementTree.Element) -> list[float]:
    return [float(point.split(",")[1]) for point in shape.attrib["points"].split()]


def test_a_run_has_its_fan_its_errors_and_its_calibration(forecast):
    warehouse, result = forecast
    made = drawings(warehouse, result.forecast_run_id)
    assert set(made) == {
        "fan_chart", "accuracy_by_horizon", "calibration",
        "opportunity_calibration", "lead_calibration",
    }  # fmt: skip
    fan = read(made["fan_chart"])
    assert len(fan.findall(f"{SVG}polygon")) == 1
    assert [len(heights(line)) for line in fan.findall(f"{SVG}polyline")] == [13, 13]
    assert len(read(made["accuracy_by_horizon"]).findall(f"{SVG}polyline")) == 6
    assert len(read(made["calibration"]).findall(f"{SVG}polyline")) == 5


def test_scores_have_their_chances_beside_what_came_of_them(forecast):
    warehouse, result = forecast
    drawn = read(drawings(warehouse, result.forecast_run_id)["lead_calibration"])
    said, came = (heights(line) for line in drawn.findall(f"{SVG}polyline"))
    assert len(said) == len(came) == 10
    assert said == sorted(said, reverse=True)
    texts = [text.text for text in drawn.findall(f"{SVG}text")]
    assert texts[0] == (
        "Mean chance within 90 days by tenths of past scores, and the share that came"
    )
    ((calibration, error, count),) = warehouse.execute(
        "select calibration, calibration_error, forecast_count from marts.mart_forecast_accuracy"
        " where node_type = 'lead' and is_published"
    ).fetchall()
    tenths = json.loads(calibration)
    assert texts[3] == f"{tenths[0][0]:.0%}"
    assert sum(part[2] for part in tenths) == count
    gaps = [abs(chance - share) * part for chance, share, part in tenths]
    assert sum(gaps) / count == pytest.approx(error, abs=2e-4)


def test_a_run_with_nothing_but_scores_has_their_drawings_alone(forecast):
    warehouse, result = forecast
    warehouse.begin()
    warehouse.execute("delete from marts.fct_forecast")
    made = drawings(warehouse, result.forecast_run_id)
    warehouse.rollback()
    assert set(made) == {"opportunity_calibration", "lead_calibration"}


def test_larger_values_are_drawn_higher_from_zero_on():
    drawn = read(chart("Title", ["a", "b", "c"], [("line", [0.0, 50.0, 100.0])]))
    bottom, middle, top = heights(drawn.find(f"{SVG}polyline"))
    assert bottom > middle > top
    assert bottom - middle == pytest.approx(middle - top)


def test_values_that_nobody_knows_are_left_out_and_texts_are_escaped():
    drawn = read(chart("<b>&", ["a", "b"], [("<script>", [None, 3.0])], ([None, 1.0], [None, 4.0])))
    assert len(heights(drawn.find(f"{SVG}polyline"))) == 1
    assert [text.text for text in drawn.findall(f"{SVG}text")][:2] == ["<b>&", "<script>"]


def test_nothing_but_zeros_is_a_flat_line():
    drawn = read(chart("Title", ["a", "b"], [("line", [0.0, 0.0])]))
    assert len(set(heights(drawn.find(f"{SVG}polyline")))) == 1


def test_a_run_without_forecasts_has_no_drawings(forecast):
    warehouse, _ = forecast
    assert drawings(warehouse, None) == {}
