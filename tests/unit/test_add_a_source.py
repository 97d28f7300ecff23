"""The guide 'Add a source in ten minutes' says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from orchestration.company import load_company
from orchestration.contracts import Contract, FileFormat, load_contract
from orchestration.contracts.reading import OBJECT_PROPERTIES
from orchestration.ingest.layout import match_header
from orchestration.settings import BUNDLED_CONTRACTS, REPOSITORY, Settings

GUIDE = (REPOSITORY / "docs" / "add-a-source.md").read_text(encoding="utf-8")


def _block(start: str) -> str:
    """The block of code whose first line begins so."""
    (found,) = re.findall(rf"```\w*\n({re.escape(start)}.*?)```", GUIDE, re.DOTALL)
    return str(found)


def _contract_of_the_guide(folder: Path) -> Contract:
    path = folder / "helpdesk" / "tickets.odcs.yaml"
    path.parent.mkdir()
    path.write_text(_block("apiVersion:"), encoding="utf-8")
    return load_contract(path)


def _rows_of_the_first_table_after(heading: str) -> list[list[str]]:
    table = re.search(r"\n\|[^\n]*\n\|[-|]*\n((?:\|[^\n]*\n)+)", GUIDE[GUIDE.index(heading) :])
    assert table
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table[1].splitlines()]


def test_the_contract_of_the_guide_is_one(tmp_path: Path) -> None:
    contract = _contract_of_the_guide(tmp_path)
    assert contract.key_columns == ("ticket_id",)
    assert contract.format.date_order == "dmy"
    assert contract.by_column["first_reply_minutes"].minimum == 0
    assert contract.by_column["agent_email"].is_personal
    (rule,) = contract.quality_rules
    assert rule.condition == "priority = 'Urgent' and first_reply_minutes > 1440"


def test_the_contract_of_the_guide_knows_both_headers_and_leaves_one_column_over(
    tmp_path: Path,
) -> None:
    contract = _contract_of_the_guide(tmp_path)
    first, second = _block("Ticket No;").splitlines(), _block("Ticket No,").splitlines()
    layout = match_header(first[0].split(";"), contract)
    assert [name for name, _ in layout.unknown] == ["Channel"]
    assert layout.missing == ()
    assert match_header(second[0].split(","), contract).unknown == ()


def test_the_profile_of_the_guide_overrides_the_contract(tmp_path: Path) -> None:
    declared = _contract_of_the_guide(tmp_path).format
    laid_over = declared.overruled_by(yaml.safe_load(_block("delimiter:")))
    assert (laid_over.delimiter, laid_over.date_order) == (",", "mdy")
    assert laid_over.timezone == "America/New_York"
    assert laid_over.extract_mode == declared.extract_mode == "incremental"


def test_the_guide_lists_every_custom_property_with_its_default() -> None:
    rows = {
        name.strip("`"): default for name, _, default in _rows_of_the_first_table_after("# What")
    }
    assert set(rows) == set(OBJECT_PROPERTIES)
    for name, field in FileFormat.model_fields.items():
        shown = rows[name].strip("`")
        assert shown == str(field.default) or (not field.default and shown.startswith("none"))


def test_the_form_that_the_guide_shows_is_that_of_the_contract() -> None:
    shown = _block("  - property: forms").strip()
    path = BUNDLED_CONTRACTS / "google_ads" / "campaign_daily.odcs.yaml"
    assert shown in path.read_text(encoding="utf-8")


def test_the_custom_fields_of_the_guide_are_a_choice(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_text(_block("custom_fields:"), encoding="utf-8")
    fields = load_company(Settings(home=tmp_path)).custom_fields
    assert fields["salesforce"]["Opportunity"]["Go_Live__c"] == "date"
