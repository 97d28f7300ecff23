"""Charts as SVG, drawn here so that a page needs no script: which mark stands where.

Colours are classes of the page's style, so that a chart follows light, dark and paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from orchestration.formats import Formats, label
from orchestration.report.contents import Bars, Chart, Ranges, Waterfall

WIDTH = 760
_NAMES, _FIGURES = 190, 80
"""Room for names on the left of lying bars, and for figures on their right."""
_ROW, _BAR = 26, 16
_UPRIGHT_HEIGHT = 190
_LONGEST_NAME = 27
_SHAPES = ("dot", "tick", "square", "triangle")
"""How single amounts are marked, told apart without colour, too."""
_IN_LEGENDS = {"mean_amount": "Forecast (mean)"}


@dataclass(frozen=True)
class Mark:
    """An SVG element: its tag, attributes and text."""

    tag: str
    attributes: dict[str, Any]
    text: str = ""


@dataclass(frozen=True)
class Picture:
    """A chart, in units of about a pixel.

    Attributes:
        says: What it shows, for those who cannot see it.
        height: It is `WIDTH` wide.
        marks: In the order in which they are drawn.
    """

    says: str
    height: int
    marks: tuple[Mark, ...]
    width: int = WIDTH


def picture(chart: Chart, frame: pd.DataFrame, formats: Formats) -> Picture:
    """Draw a chart of a frame that has rows."""
    match chart:
        case Waterfall():
            marks, height = _waterfall(frame, formats)
        case Bars(is_upright=True):
            marks, height = _upright(chart, frame, formats)
        case Bars():
            marks, height = _lying(chart, frame.head(chart.most), formats)
        case Ranges():
            marks, height = _ranges(chart, frame, formats)
    return Picture(chart.says, height, tuple(marks))


@dataclass(frozen=True)
class _Scale:
    """From amounts to places along a line."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(self.start + share * (self.end - self.start), 1)


def _scale(values: Sequence[float], start: float, end: float) -> _Scale:
    known = [float(value) for value in values if pd.notna(value)]
    return _Scale(min(0.0, *known, 0.0), max(0.0, *known, 0.0), start, end)


def _text(x: float, y: float, text: str, look: str = "", anchor: str = "start") -> Mark:
    return Mark("text", {"x": x, "y": y, "text-anchor": anchor, "class": look}, text)


def _bar(x: float, y: float, width: float, height: float, look: str) -> Mark:
    """A bar; at least a hair of it is seen."""
    size = {"width": max(round(width, 1), 1), "height": max(round(height, 1), 1)}
    return Mark("rect", {"x": x, "y": y, **size, "rx": 2, "class": look})


def _name(text: Any, y: float) -> Mark:
    name = "Nobody known" if pd.isna(text) else str(text)
    if len(name) > _LONGEST_NAME:
        name = name[: _LONGEST_NAME - 1].rstrip() + "…"
    return _text(_NAMES - 8, y, name, anchor="end")


def _short(formats: Formats, column: str, value: float) -> str:
    is_money = "amount" in column
    return formats.short(value) if is_money else formats.write(column, value)


def _waterfall(frame: pd.DataFrame, formats: Formats) -> tuple[list[Mark], int]:
    level, edges = 0.0, []
    for amount, way in zip(frame["amount"], frame["way_key"], strict=True):
        before = 0.0 if way == "level" else level
        level = amount if way == "level" else level + (amount if way == "in" else -amount)
        edges.append((before, level))
    scale = _scale([edge for pair in edges for edge in pair], _NAMES, WIDTH - _FIGURES)
    marks = []
    signs = {"in": "+", "out": "−", "level": ""}
    for number, ((before, after), (_, row)) in enumerate(zip(edges, frame.iterrows(), strict=True)):
        top = number * _ROW
        low, high = scale(min(before, after)), scale(max(before, after))
        marks += [
            _name(row["step"], top + 17),
            _bar(low, top + 5, high - low, _BAR, f"way-{row['way_key']}"),
            _text(
                high + 6, top + 17, signs[row["way_key"]] + formats.short(row["amount"]), "figure"
            ),
        ]
    return marks, len(frame) * _ROW + 4


def _lying(chart: Bars, frame: pd.DataFrame, formats: Formats) -> tuple[list[Mark], int]:
    targets = list(frame[chart.target]) if chart.target else [None] * len(frame)
    scale = _scale([*frame[chart.value], *targets], _NAMES, WIDTH - _FIGURES)
    legend = _legend([("bar", chart.value), ("tick", chart.target)]) if chart.target else []
    head = _ROW if legend else 0
    marks = list(legend)
    for number, (name, value, target) in enumerate(
        zip(frame[chart.category], frame[chart.value], targets, strict=True)
    ):
        top = head + number * _ROW
        marks.append(_name(name, top + 17))
        if pd.notna(value):
            low, high = sorted((scale(0), scale(value)))
            marks.append(_bar(low, top + 5, high - low, _BAR, "bar"))
            written = _short(formats, chart.value, value)
            if chart.target:  # beside its mark a figure would seem to be the mark's
                marks.append(_text(WIDTH, top + 17, written, "figure", "end"))
            else:
                marks.append(_text(high + 6, top + 17, written, "figure"))
        if target is not None and pd.notna(target):
            marks.append(_bar(scale(target) - 1.5, top + 2, 3, _BAR + 6, "mark-tick"))
    return marks, head + len(frame) * _ROW + 4


def _upright(chart: Bars, frame: pd.DataFrame, formats: Formats) -> tuple[list[Mark], int]:
    targets = list(frame[chart.target]) if chart.target else [None] * len(frame)
    has_targets = any(target is not None and pd.notna(target) for target in targets)
    legend = _legend([("bar", chart.value), ("tick", chart.target)]) if has_targets else []
    head = _ROW + 4 if legend else 4
    bottom = head + _UPRIGHT_HEIGHT
    scale = _scale([*frame[chart.value], *targets], bottom, head)
    step = min(WIDTH / len(frame), 90)
    marks = list(legend)
    for number, (name, value, target) in enumerate(
        zip(frame[chart.category], frame[chart.value], targets, strict=True)
    ):
        left, middle = round(number * step + 4, 1), round((number + 0.5) * step, 1)
        if pd.notna(value):
            top, foot = sorted((scale(0), scale(value)))
            marks.append(_bar(left, top, step - 8, foot - top, "bar"))
            written = _short(formats, chart.value, value)
            marks.append(_text(middle, bottom + 32, written, "small figure", "middle"))
        if target is not None and pd.notna(target):
            marks.append(_bar(left - 2, scale(target) - 1.5, step - 4, 3, "mark-tick"))
        marks.append(_text(middle, bottom + 16, str(name), "small", "middle"))
    return marks, bottom + 38


def _ranges(chart: Ranges, frame: pd.DataFrame, formats: Formats) -> tuple[list[Mark], int]:
    columns = ["p10_amount", "p90_amount", *chart.marks]
    values = [value for column in columns for value in frame[column]]
    scale = _scale(values, _NAMES, WIDTH - _FIGURES)
    head = _ROW
    bottom = head + len(frame) * (_ROW + 4)
    marks = _legend([("range", "p10 to p90"), *zip(_SHAPES, chart.marks, strict=True)])
    for tick in _round_ticks(scale):
        marks += [
            Mark(
                "line",
                {"x1": scale(tick), "x2": scale(tick), "y1": head, "y2": bottom, "class": "grid"},
            ),
            _text(scale(tick), bottom + 15, formats.short(tick), "small", "middle"),
        ]
    for number, (_, row) in enumerate(frame.iterrows()):
        top = head + number * (_ROW + 4)
        marks.append(_name(row[chart.category], top + 19))
        if pd.notna(row["p10_amount"]) and pd.notna(row["p90_amount"]):
            low, high = scale(row["p10_amount"]), scale(row["p90_amount"])
            marks.append(_bar(low, top + 7, high - low, _BAR, "range"))
        for shape, column in zip(_SHAPES, chart.marks, strict=True):
            if pd.notna(row[column]):
                marks.append(_shape(shape, scale(row[column]), top + 15))
    return marks, bottom + 22


def _round_ticks(scale: _Scale, about: int = 5) -> list[float]:
    """Round amounts from the lowest to the highest, about so many of them."""
    span = (scale.high - scale.low) or 1.0
    size = 10.0 ** (len(str(int(span / about))) - 1)
    step = next(size * factor for factor in (1, 2, 5, 10) if span / (size * factor) <= about + 1)
    first = int(scale.low / step) * step
    return [
        first + number * step
        for number in range(int((scale.high - first) / step) + 1)
        if scale.low <= first + number * step <= scale.high
    ]


def _shape(shape: str, x: float, y: float) -> Mark:
    look = {"class": f"mark-{shape}"}
    match shape:
        case "dot":
            return Mark("circle", {"cx": x, "cy": y, "r": 6, **look})
        case "square":
            return Mark("rect", {"x": x - 5, "y": y - 5, "width": 10, "height": 10, **look})
        case "triangle":
            points = f"{x - 6},{y + 5} {x + 6},{y + 5} {x},{y - 6}"
            return Mark("polygon", {"points": points, **look})
    return Mark("rect", {"x": x - 1.5, "y": y - 11, "width": 3, "height": 22, **look})


def _legend(entries: Sequence[tuple[str, str | None]]) -> list[Mark]:
    marks, x = [], 6.0
    for shape, column in entries:
        name = _IN_LEGENDS.get(str(column)) or label(str(column)).removesuffix(" amount")
        if shape in ("bar", "range"):
            marks.append(_bar(x, 3, 14, 12, shape))
        else:
            marks.append(_shape(shape, x + 7, 9))
        marks.append(_text(x + 20, 13, name, "small"))
        x += 36 + 6.6 * len(name)
    return marks
