"""`salesops contracts`, and the guide 'Add a source in ten minutes' done step by step."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import duckdb
import pytest
import yaml
from click.testing import CliRunner, Result

from orchestration.cli import main
from orchestration.contracts import load_contract
from orchestration.settings import REPOSITORY
from tests.integration.ingest.test_ingest_forms import workbook

GUIDE = (REPOSITORY / "docs" / "add-a-source.md").read_text(encoding="utf-8")
FIRST_DAY = "helpdesk/tickets/2026-06-05/tickets.csv"
SECOND_DAY = "helpdesk/tickets/2026-06-06/tickets.csv"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALESOPS_HOME", str(tmp_path))
    monkeypatch.setenv("SALESOPS_CONTRACTS", str(tmp_path / "contracts"))
    (tmp_path / "contracts" / "helpdesk").mkdir(parents=True)
    return tmp_path


def salesops(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def deliver(home: Path, path: str, content: str | bytes) -> Path:
    file = home / "landing" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def block(start: str) -> str:
    """The block of the guide whose first line begins so."""
    (found,) = re.findall(rf"```\w*\n({re.escape(start)}.*?)```", GUIDE, re.DOTALL)
    return str(found)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_the_guide_is_followed_from_an_unknown_file_to_a_second_delivery(home: Path) -> None:
    contract = home / "contracts" / "helpdesk" / "tickets.odcs.yaml"
    deliver(home, FIRST_DAY, block("Ticket No;"))
    unknown = salesops("ingest")
    assert unknown.exit_code == 3
    assert squeezed(block(f"rejected: {FIRST_DAY}")) in squeezed(unknown.output)

    draft = salesops("contracts", "draft", FIRST_DAY)
    assert draft.output.startswith(block("# Drafted from"))
    contract.write_text(draft.output, encoding="utf-8")
    assert salesops("contracts", "check").exit_code == 0

    contract.write_text(block("apiVersion:"), encoding="utf-8")
    assert salesops("contracts", "check").exit_code == 0
    loaded = salesops("ingest")
    _, *facts = block("$ salesops ingest").splitlines()
    assert all(squeezed(fact) in squeezed(loaded.output) for fact in facts)

    deliver(home, SECOND_DAY, block("Ticket No,"))
    refused = salesops("ingest")
    assert refused.exit_code == 3
    start = squeezed(block(f"rejected: {SECOND_DAY}")).partition("...")[0]
    assert start in squeezed(refused.output)

    deliver(home, SECOND_DAY.replace("tickets.csv", "_profile.yaml"), block("delimiter:"))
    mended = salesops("ingest")
    assert mended.exit_code == 0
    assert squeezed(block("Files       1 loaded, 1 known")) in squeezed(mended.output)
    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb"), read_only=True) as reader:
        assert reader.execute(
            "select ticket_id, opened_at::varchar, refund_amount::varchar, priority"
            " from raw_helpdesk.tickets where ticket_id = 'T-1002' order by priority"
        ).fetchall() == [
            ("T-1002", "2026-06-03 07:40:00", "1250.00", "High"),
            ("T-1002", "2026-06-03 07:40:00", "1250.00", "Low"),
        ]


def test_every_contract_is_listed_with_where_it_is_from(home: Path) -> None:
    own = home / "contracts" / "helpdesk" / "tickets.odcs.yaml"
    own.write_text(block("apiVersion:"), encoding="utf-8")
    checked = salesops("contracts", "check")
    assert checked.exit_code == 0
    assert "39 contracts can be used." in checked.output
    assert re.search(r"salesforce/Opportunity +id +incremental +bundled", checked.output)
    assert re.search(r"helpdesk/tickets +ticket_id +incremental +/", checked.output)


def test_wrong_contracts_are_named_and_the_good_ones_listed(home: Path) -> None:
    wrong = home / "contracts" / "helpdesk" / "tickets.odcs.yaml"
    wrong.write_text(block("apiVersion:").replace("logicalType: integer", "logicalType: int"))
    checked = salesops("contracts", "check")
    assert checked.exit_code == 1
    assert "38 contracts can be used." in checked.output
    assert f"error: {wrong}: property 'first_reply_minutes': logicalType must" in checked.output
    stopped = salesops("ingest")
    assert stopped.exit_code == 1
    assert "logicalType must be one of number" in stopped.output


def drafted(path: Path, *arguments: str) -> dict[str, dict[str, object]]:
    """The properties of a draft, which must be a contract, by name."""
    done = salesops("contracts", "draft", str(path), *arguments)
    assert done.exit_code == 0, done.output
    file = path.parent / "shop" / "orders.odcs.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(done.output, encoding="utf-8")
    load_contract(file)
    document = yaml.safe_load(done.output)
    return {prop["name"]: prop for prop in document["schema"][0]["properties"]}


def test_a_draft_of_json_lines_finds_the_nested_columns(home: Path) -> None:
    line = {"id": "7", "properties": {"total": 12.5, "paid": True, "when": "2026-01-31T08:00:00Z"}}
    path = deliver(home, "shop/orders/2026-06-01/o.jsonl.gz".removesuffix(".gz"), json.dumps(line))
    found = drafted(path)
    assert {name: prop["logicalType"] for name, prop in found.items()} == {
        "id": "string",
        "total": "number",
        "paid": "boolean",
        "when": "timestamp",
    }
    assert found["total"]["physicalType"] == "DECIMAL(18,2)"


def test_a_draft_of_a_workbook_finds_the_header_below_a_title(home: Path) -> None:
    rows = [["Orders of May"], ["Order No", "Net"], ["0012", 10.125], ["0013", 7]]
    path = deliver(home, "shop/orders/2026-06-01/o.xlsx", workbook(rows))
    found = drafted(path)
    assert found["Order No"]["logicalType"] == "string"
    assert found["Order No"]["primaryKey"] is True
    assert found["Net"]["physicalType"] == "DECIMAL(18,3)"


def test_a_draft_says_which_dates_are_american_and_which_text_is_no_utf_8(home: Path) -> None:
    text = "id|Käufer|Day\n1|Jörg|3/31/2026\n2|Ana|4/1/2026\n"
    path = deliver(home, "shop/orders/2026-06-01/o.csv", text.encode("cp1252"))
    done = salesops("contracts", "draft", str(path))
    options = {o["property"]: o["value"] for o in yaml.safe_load(done.output)["customProperties"]}
    assert options == {
        "extract_mode": "incremental",
        "encoding": "cp1252",
        "delimiter": "|",
        "date_order": "mdy",
    }
    assert "# - encoding: the text is not UTF-8; cp1252 is supposed" in done.output
    assert drafted(path)["Käufer"]["physicalName"] == "kufer"


def test_a_draft_without_an_evident_key_leaves_the_choice(home: Path) -> None:
    path = deliver(home, "shop/orders/2026-06-01/o.csv", "name,size\na,1\na,2\n")
    done = salesops("contracts", "draft", str(path))
    assert "key: it is not evident" in done.output
    assert "each value is there once in 'size'" in done.output
    assert "primaryKey: true\n" not in done.output
    file = home / "contracts" / "shop" / "orders.odcs.yaml"
    file.parent.mkdir()
    file.write_text(done.output, encoding="utf-8")
    checked = salesops("contracts", "check")
    assert checked.exit_code == 1
    assert "no property has 'primaryKey: true'; name what identifies a record" in checked.output


def test_a_draft_marks_what_looks_like_a_person(home: Path) -> None:
    path = deliver(
        home, "shop/orders/2026-06-01/o.csv", "id,Phone,contact,size\n1,2,a@b.example,3\n"
    )
    found = drafted(path)
    assert [name for name, prop in found.items() if "classification" in prop] == [
        "Phone",
        "contact",
    ]


@pytest.mark.parametrize(
    ("path", "content", "problem"),
    [
        ("shop/orders/2026-06-01/o.pdf", b"%PDF", "its form is not supported"),
        ("shop/orders/2026-06-01/o.csv", b"", "is empty"),
        ("shop/orders/2026-06-01/o.parquet", b"PAR1", "is no Parquet file"),
        ("shop/o.csv", b"id\n1\n", "--object SOURCE/OBJECT"),
    ],
)
def test_what_no_draft_can_be_made_of_is_said(
    home: Path, path: str, content: bytes, problem: str
) -> None:
    done = salesops("contracts", "draft", str(deliver(home, path, content)))
    assert done.exit_code != 0
    assert problem in squeezed(done.output)


def test_a_file_elsewhere_needs_the_name_of_its_object(home: Path) -> None:
    path = deliver(home, "o.csv", "id,size\n1,2\n")
    assert set(drafted(path, "--object", "shop/orders")) == {"id", "size"}


def test_a_draft_can_be_made_of_a_member_of_an_archive(home: Path) -> None:
    archive = home / "landing" / "salesforce" / "_bundle" / "2026-06-01" / "WE.ZIP"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("Widget__c.csv", "Id\n1\n")
    left = salesops("ingest").output
    command = squeezed(left).partition("to draft one: salesops ")[2].split(" ")[:3]
    assert command == ["contracts", "draft", "salesforce/_bundle/2026-06-01/WE.ZIP/Widget__c.csv"]
    done = salesops(*command)
    assert done.exit_code == 0
    document = yaml.safe_load(done.output)
    assert document["schema"][0]["physicalName"] == "raw_salesforce.widget__c"
    missing = salesops("contracts", "draft", command[2].replace("Widget", "Gadget"))
    assert missing.exit_code == 1
    assert "the archive has no member 'Gadget__c.csv'" in squeezed(missing.output)


@pytest.mark.parametrize("place", ["help desk/tickets", "helpdesk/my tickets"])
def test_no_draft_is_made_for_a_folder_that_names_no_table(home: Path, place: str) -> None:
    path = deliver(home, f"{place}/2026-06-01/o.csv", "id\n1\n")
    done = salesops("contracts", "draft", str(path))
    assert done.exit_code == 2
    assert f"{place}: '" in squeezed(done.output) or "rename it" in squeezed(done.output)
