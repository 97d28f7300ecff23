"""The CSV files that the dashboard gives away."""

from __future__ import annotations

import csv
import io

import pandas as pd

from dashboard.export import csv as exported


def rows(frame: pd.DataFrame) -> list[list[str]]:
    return list(csv.reader(io.StringIO(exported(frame).decode("utf-8-sig"), newline="")))


def test_no_text_is_a_formula_and_figures_stay_figures():
    names = ["=1+1", "+49 30", "-x", "@x", "\tx", "\rx", "a=b", 'Đỗ, "Sơn"\n2', None]
    frame = pd.DataFrame({"name": names, "amount": [-1234567.89] * len(names)})
    header, *body = rows(frame)
    assert header == ["name", "amount"]
    assert [row[0] for row in body] == [
        "'=1+1", "'+49 30", "'-x", "'@x", "'\tx", "'\rx", "a=b", "Đỗ, \"Sơn\"\n2", "",
    ]  # fmt: skip
    assert {row[1] for row in body} == {"-1234567.89"}


def test_days_and_whole_numbers_are_written_as_such_beside_nothing():
    frame = pd.DataFrame(
        {
            "close_date": pd.to_datetime(["2026-06-30", None]),
            "won_count": pd.array([3, None], dtype="Int64"),
        }
    )
    assert rows(frame)[1:] == [["2026-06-30", "3"], ["", ""]]
