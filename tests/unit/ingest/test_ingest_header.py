"""Headers: which columns are recognised, and when a file is refused for them."""

from __future__ import annotations

import pytest

from orchestration.contracts import load_contracts
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.layout import match_header

OPPORTUNITY = load_contracts()["salesforce", "Opportunity"]
REQUIRED = ["Id", "StageName", "CloseDate", "SystemModstamp"]


@pytest.mark.parametrize(
    "header",
    [
        REQUIRED,
        ["ID", "STAGENAME", "CLOSEDATE", "SYSTEMMODSTAMP"],
        ["id", "stage_name", "close_date", "system_modstamp"],
        [" Id ", " StageName", "CloseDate\t", "SystemModstamp "],
    ],
    ids=["API names", "upper case", "snake case", "blanks"],
)
def test_names_are_recognised_however_tools_write_them(header: list[str]) -> None:
    layout = match_header(header, OPPORTUNITY)
    assert layout.places == {"id": 0, "stage_name": 1, "close_date": 2, "system_modstamp": 3}


def test_columns_may_come_in_any_order() -> None:
    assert match_header(REQUIRED[::-1], OPPORTUNITY).places["id"] == 3


def test_unknown_and_missing_columns_are_told_apart() -> None:
    layout = match_header([*REQUIRED, "Shoe_Size__c", "", "Amount"], OPPORTUNITY)
    assert layout.unknown == (("Shoe_Size__c", 4),)
    assert layout.unnamed == (5,)
    assert "NextStep" in {field.name for field in layout.missing}
    assert "Amount" not in {field.name for field in layout.missing}


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_required_column_rejects_the_file(name: str) -> None:
    with pytest.raises(RejectedFileError, match=f"lacks the required column {name}"):
        match_header([other for other in REQUIRED if other != name], OPPORTUNITY)


def test_a_name_that_only_looks_alike_is_not_the_column() -> None:
    with pytest.raises(RejectedFileError, match="required column Id"):
        match_header(["\u0406d", *REQUIRED[1:]], OPPORTUNITY)  # a Cyrillic capital


@pytest.mark.parametrize("twin", ["StageName", "STAGE_NAME", "stagename"])
def test_two_columns_of_one_name_reject_the_file(twin: str) -> None:
    with pytest.raises(RejectedFileError, match=rf"'{twin}' twice \(columns 2 and 5\)"):
        match_header([*REQUIRED, twin], OPPORTUNITY)


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        (["<!DOCTYPE html>"], "this is HTML or XML"),
        (['[{"errorCode":"LIMIT"}]'], "this is JSON"),
        (["Id;StageName"], "'delimiter: \";\"'"),
        (["Id\tStageName"], r"'delimiter: \"\\t\"'"),
    ],
)
def test_a_header_that_is_none_is_explained(header: list[str], hint: str) -> None:
    with pytest.raises(RejectedFileError, match=hint):
        match_header(header, OPPORTUNITY)


@pytest.mark.parametrize(
    "record",
    [
        ["Ada Lovelace", "ada@example.com", "Ada Lovelace"],
        ["Ada Lovelace;ada@example.com"],
    ],
    ids=["the same value twice", "another delimiter"],
)
def test_a_record_where_the_header_should_be_is_not_told(record: list[str]) -> None:
    with pytest.raises(RejectedFileError, match="the header is missing, or in another") as error:
        match_header(record, OPPORTUNITY)
    assert "Ada" not in str(error.value)
    assert "ada@example.com" not in str(error.value)


def test_a_header_of_some_known_names_is_told() -> None:
    with pytest.raises(RejectedFileError, match=r"it reads 'Id', 'Stage', 'CloseDate'$"):
        match_header(["Id", "Stage", "CloseDate"], OPPORTUNITY)
