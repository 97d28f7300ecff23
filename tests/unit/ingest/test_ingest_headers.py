"""Which form a file has is told by its header; which lines are totals, by their fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from orchestration.contracts import FileFormat, Form, load_contracts
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.headers import Row, format_found, total_test
from orchestration.ingest.layout import match_header

QUOTA = load_contracts()["company", "quota"]
TABS = Form(name="tabs", header=("Impr.", "Cost"), format={"delimiter": "\t"})
COMMAS = Form(name="commas", header=("Impr.", "Cost"), format={"date_order": "mdy"})
MONEY = Form(name="money", header=("Spent ({code})",), format={"thousands_mark": ","})


def lines(*texts: str) -> Callable[[FileFormat], Iterable[Row]]:
    return lambda variant: [(n, t.split(variant.delimiter)) for n, t in enumerate(texts, 1)]


def found(text: Callable[[FileFormat], Iterable[Row]], declared: FileFormat) -> FileFormat:
    return format_found(text, declared)


def test_the_form_whose_header_is_found_has_its_lines_above_as_preamble() -> None:
    declared = FileFormat(forms=(TABS, COMMAS))
    tabs = found(lines("Report", "a\tIMPR.\tcost"), declared)
    assert (tabs.delimiter, tabs.date_order, tabs.preamble_lines) == ("\t", "ymd", 1)
    commas = found(lines("cost,Impr.,a"), declared)
    assert (commas.delimiter, commas.date_order, commas.preamble_lines) == (",", "mdy", 0)


def test_a_file_without_the_header_of_a_form_is_as_declared() -> None:
    declared = FileFormat(forms=(TABS, COMMAS))
    assert found(lines("Cost,Clicks", "Impr.,x"), declared) is declared


def test_a_header_is_looked_for_in_the_first_twenty_lines_only() -> None:
    declared = FileFormat(forms=(COMMAS,))
    assert found(lines(*["above"] * 19, "Impr.,Cost"), declared).preamble_lines == 19
    assert found(lines(*["above"] * 20, "Impr.,Cost"), declared) is declared


def test_a_name_with_a_value_in_it_is_known_in_a_header() -> None:
    declared = FileFormat(forms=(MONEY,))
    assert found(lines("Day,spent (EUR)"), declared).thousands_mark == ","
    assert found(lines("Day,Spent"), declared) is declared


def test_a_header_that_fits_two_forms_is_refused() -> None:
    declared = FileFormat(forms=(COMMAS, MONEY))
    with pytest.raises(RejectedFileError, match="fits several forms of its contract: commas, mon"):
        found(lines("Impr.,Cost,Spent (EUR)"), declared)


def test_forms_that_a_profile_makes_alike_are_no_ambiguity() -> None:
    plain = Form(name="plain", header=COMMAS.header, format={})
    profile = {"delimiter": ";", "preamble_lines": 1}
    declared = FileFormat(forms=(TABS, plain)).overruled_by(profile)
    assert found(lines("Report", "Impr.;Cost"), declared).delimiter == ";"


def test_a_total_is_told_by_its_first_field_or_by_blank_names() -> None:
    layout = match_header(["Rep", "Month", "Quota USD"], QUOTA)
    by_label = total_test(layout, FileFormat(total_label="Total.*"), QUOTA)
    assert by_label is not None
    assert [by_label([name, "", "1"]) for name in (" Total: all", "A Total", "")] == [
        True,
        False,
        False,
    ]
    by_blank = total_test(layout, FileFormat(total_blank=("employee_id", "month")), QUOTA)
    assert by_blank is not None
    rows = (["", " ", "9"], ["", "2026-01-01", "9"], ["", "", ""], [""])
    assert [by_blank(row) for row in rows] == [True, False, False, False]


def test_nothing_is_a_total_where_none_is_declared() -> None:
    layout = match_header(["Rep", "Month", "Quota USD"], QUOTA)
    assert total_test(layout, FileFormat(), QUOTA) is None
    with pytest.raises(RejectedFileError, match="'total_blank' names 'Rep', which is no property"):
        total_test(layout, FileFormat(total_blank=("Rep",)), QUOTA)
