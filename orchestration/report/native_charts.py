"""Charts of a workbook, which draw the cells beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from orchestration.formats import Formats, label
from orchestration.report.contents import Bars, Ranges, Section, Waterfall

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

# Okabe and Ito's, which colour-blind people tell apart.
_SKY, _RED, _GREY, _GREEN, _ORANGE = "#56B4E9", "#D55E00", "#8C8C8C", "#009E73", "#E69F00"
_MARKS = (
    ("circle", _SKY), ("long_dash", _RED), ("square", _GREEN), ("triangle", _ORANGE),
)  # fmt: skip
_NARROW = 7
"""Up to so many columns a chart stands to the right of its table, else below."""


def drawn_columns(section: Section) -> set[str]:
    """The columns of figures that a section's chart draws, in whose cells no dash may stand."""
    match section.chart:
        case Bars(value=value, target=target):
            return {value, target or value}
        case Ranges(marks=marks):
            return {"p10_amount", *marks}
    return set()


def insert_chart(
    workbook: Workbook, sheet: Worksheet, section: Section, formats: Formats, head_row: int
) -> None:
    """Draw a section's chart beside its table, which begins with the row of its headings."""
    cells = _Cells(sheet, section, head_row)
    match section.chart:
        case Waterfall():
            chart = _waterfall(workbook, cells, section.frame)
        case Bars():
            chart = _bars(workbook, cells, section.chart)
        case Ranges():
            chart = _ranges(workbook, cells, section.chart, section.frame)
        case None:
            return
    is_money = not isinstance(section.chart, Bars) or "amount" in section.chart.value
    number_format = formats.in_cell("amount" if is_money else "days")
    is_lying = isinstance(section.chart, Bars | Waterfall) and not (
        isinstance(section.chart, Bars) and section.chart.is_upright
    )
    values = {
        "num_format": number_format,
        "major_gridlines": {"visible": True, "line": {"color": "#D8DEE4"}},
    }
    names: dict[str, Any] = {"reverse": True} if is_lying else {}
    chart.set_x_axis(values if is_lying else names)
    chart.set_y_axis(names if is_lying else values)
    chart.set_title({"name": section.title, "name_font": {"size": 11}})
    legend: dict[str, Any] = {"position": "bottom"}
    chart.set_legend({"none": True} if isinstance(section.chart, Waterfall) else legend)
    rows = len(section.frame)
    height = min(max(260, 110 + 22 * rows), 760) if is_lying else 340
    chart.set_size({"width": 760, "height": height})
    is_narrow = len(section.columns) <= _NARROW
    place = (head_row, len(section.columns) + 1) if is_narrow else (head_row + rows + 3, 0)
    sheet.insert_chart(*place, chart, {"description": section.chart.says})


class _Cells:
    """Where the columns of a section stand on its sheet; helping ones come far to the right."""

    def __init__(self, sheet: Worksheet, section: Section, head_row: int) -> None:
        self._sheet = sheet
        self._columns = list(section.columns)
        self._first, self._last = head_row + 1, head_row + len(section.frame)
        self._helping = 30

    def of(self, column: str) -> list[Any]:
        """The cells of a column."""
        return self._at(self._columns.index(column))

    def help(self, values: list[float | None]) -> list[Any]:
        """Cells that only the chart reads, in a hidden column."""
        self._helping += 1
        for row, value in enumerate(values, self._first):
            if value is not None:
                self._sheet.write_number(row, self._helping, value)
        self._sheet.set_column(self._helping, self._helping, None, None, {"hidden": True})
        return self._at(self._helping)

    def _at(self, place: int) -> list[Any]:
        return [self._sheet.get_name(), self._first, place, self._last, place]


def _waterfall(workbook: Workbook, cells: _Cells, frame: pd.DataFrame) -> Any:
    chart = workbook.add_chart({"type": "bar", "subtype": "stacked"})
    chart.show_hidden_data()
    level, feet = 0.0, []
    for amount, way in zip(frame["amount"], frame["way_key"], strict=True):
        before = 0.0 if way == "level" else level
        level = amount if way == "level" else level + (amount if way == "in" else -amount)
        feet.append(min(before, level))
    names = cells.of("step")
    chart.add_series(
        {"categories": names, "values": cells.help(list(feet)), "fill": {"none": True}}
    )
    for way, colour in (("level", _GREY), ("in", _SKY), ("out", _RED)):
        amounts = [
            amount if of == way else None
            for amount, of in zip(frame["amount"], frame["way_key"], strict=True)
        ]
        chart.add_series(
            {
                "categories": names,
                "values": cells.help(amounts),
                "fill": {"color": colour},
                "gap": 40,
            }
        )
    return chart


def _bars(workbook: Workbook, cells: _Cells, of: Bars) -> Any:
    chart = workbook.add_chart({"type": "column" if of.is_upright else "bar"})
    for column, colour in ((of.value, _SKY), (of.target, _RED)):
        if column:
            chart.add_series(
                {
                    "name": label(column),
                    "categories": cells.of(of.category),
                    "values": cells.of(column),
                    "fill": {"color": colour},
                    "gap": 60,
                }
            )
    return chart


def _ranges(workbook: Workbook, cells: _Cells, of: Ranges, frame: pd.DataFrame) -> Any:
    chart = workbook.add_chart({"type": "column", "subtype": "stacked"})
    chart.show_hidden_data()
    names = cells.of(of.category)
    spans = [
        high - low if pd.notna(high) and pd.notna(low) else None
        for low, high in zip(frame["p10_amount"], frame["p90_amount"], strict=True)
    ]
    chart.add_series(
        {
            "name": "From p10",
            "categories": names,
            "values": cells.of("p10_amount"),
            "fill": {"none": True},
        }
    )
    chart.add_series(
        {
            "name": "to p90",
            "categories": names,
            "values": cells.help(spans),
            "fill": {"color": _SKY, "transparency": 60},
            "gap": 80,
        }
    )
    marks = workbook.add_chart({"type": "line"})
    for (shape, colour), column in zip(_MARKS, of.marks, strict=True):
        marks.add_series(
            {
                "name": label(column),
                "categories": names,
                "values": cells.of(column),
                "line": {"none": True},
                "marker": {
                    "type": shape,
                    "size": 8,
                    "fill": {"color": colour},
                    "border": {"color": colour},
                },
            }
        )
    chart.combine(marks)
    return chart
