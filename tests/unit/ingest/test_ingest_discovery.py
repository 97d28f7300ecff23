"""Discovery: what in landing is an extract, what is misplaced, what is left alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from orchestration.ingest.landing import Landing, discover

KNOWN = {("salesforce", "Account"), ("salesforce", "Lead")}


def _discover(folder: Path, *files: str) -> Landing:
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("x", encoding="utf-8")
    return discover(folder, KNOWN)


def test_a_file_is_known_by_its_folders(tmp_path: Path) -> None:
    (file,) = _discover(tmp_path, "salesforce/Account/2026-03-14/a b.csv").files
    assert (file.source, file.object, file.extract_date, file.file_name) == (
        "salesforce",
        "Account",
        dt.date(2026, 3, 14),
        "salesforce/Account/2026-03-14/a b.csv",
    )


def test_files_come_by_object_date_and_name(tmp_path: Path) -> None:
    names = [
        "salesforce/Account/2026-03-02/b.csv",
        "salesforce/Account/2026-03-02/c.csv",
        "salesforce/Account/2026-03-10/a.csv",
        "salesforce/Lead/2026-01-01/a.csv",
    ]
    assert [f.file_name for f in _discover(tmp_path, *reversed(names)).files] == names


@pytest.mark.parametrize(
    "name",
    [
        "_profile.yaml",
        ".hidden.csv",
        "~$a.xlsx",
        "a.csv.part",
        "a.csv.tmp",
        "a.csv.CRDOWNLOAD",
        "a.csv.filepart",
        ".trash/a.csv",
        "_old/a.csv",
    ],
)
def test_what_is_no_extract_is_left_alone(tmp_path: Path, name: str) -> None:
    assert _discover(tmp_path, f"salesforce/Account/2026-03-14/{name}") == Landing((), ())


def test_an_object_whose_folder_is_set_aside_is_left_alone(tmp_path: Path) -> None:
    found = _discover(tmp_path, "salesforce/_Widget__c/2026-03-14/a.csv", "_old/a.csv")
    assert found == Landing((), ())


def test_a_folder_below_the_date_belongs_to_it(tmp_path: Path) -> None:
    (file,) = _discover(tmp_path, "salesforce/Account/2026-03-14/year=2024/part-0.csv").files
    assert file.folder == tmp_path / "salesforce/Account/2026-03-14"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("salesforce/Account/a.csv", "lies in no date folder"),
        ("salesforce/a.csv", "lies in no date folder"),
        ("a.csv", "lies in no date folder"),
        ("salesforce/Account/2026-13-45/a.csv", "'2026-13-45', which is no date"),
        ("salesforce/Account/20260314/a.csv", "'20260314', which is no date"),
    ],
)
def test_a_misplaced_file_is_told(tmp_path: Path, path: str, problem: str) -> None:
    (file,) = _discover(tmp_path, path).misplaced
    assert file.file_name == path
    assert problem in file.problem


def test_links_that_lead_outside_are_not_followed(tmp_path: Path) -> None:
    landing, outside = tmp_path / "landing", tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text("x", encoding="utf-8")
    date = landing / "salesforce/Account/2026-03-14"
    date.mkdir(parents=True)
    (date / "file.csv").symlink_to(outside / "secret.csv")
    (date / "folder").symlink_to(outside)
    found = discover(landing, KNOWN)
    assert found.files == ()
    assert [file.problem.split(";")[0] for file in found.misplaced] == [
        "is a link that leads outside landing",
        "is a link that leads outside landing",
    ]


def test_files_that_no_contract_describes_are_refused_with_what_to_do(tmp_path: Path) -> None:
    found = _discover(
        tmp_path, "salesforce/Widget__c/2026-03-14/a b.csv", "fax/Account/2026-03-14/a.csv"
    )
    assert found.files == ()
    assert [(file.source, file.object) for file in found.misplaced] == [
        ("fax", "Account"),
        ("salesforce", "Widget__c"),
    ]
    problem = found.misplaced[1].problem
    assert "no contract describes salesforce/Widget__c" in problem
    assert "salesops contracts draft 'salesforce/Widget__c/2026-03-14/a b.csv'" in problem


def test_a_landing_folder_need_not_exist(tmp_path: Path) -> None:
    assert discover(tmp_path / "none", KNOWN) == Landing((), ())
