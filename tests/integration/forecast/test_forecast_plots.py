"""The drawings of a run."""

from __future__ import annotations

import base64
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
    assert set(made) == {"fan_chart", "accuracy_by_horizon", "calibration"}
    fan = read(made["fan_chart"])
    assert len(fan.findall(f"{SVG}polygon")) == 1
    assert [len(heights(line)) for line in fan.findall(f"{SVG}polyline")] == [13, 13]
    assert len(read(made["accuracy_by_horizon"]).findall(f"{SVG}polyline")) == 6
    assert len(read(made["calibration"]).findall(f"{SVG}polyline")) == 5


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
