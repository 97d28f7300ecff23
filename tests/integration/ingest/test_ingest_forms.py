"""Forms other than CSV: JSON lines, Parquet and workbooks end in the same tables."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import duckdb
import pytest

from tests.integration.ingest.conftest import DAY, STAMP, Office, account, salesforce_id

DEALS = f"hubspot/deals/{DAY}/deals.jsonl"
QUOTA = f"company/quota/{DAY}/quota.xlsx"
PARQUET = f"salesforce/Account/{DAY}/a.parquet"


def deal(number: int, **properties: Any) -> dict[str, Any]:
    """A deal as the API answers it."""
    return {
        "id": str(7000 + number),
        "properties": {"dealname": f"Deal {number}", "amount": f"{100 * number}.50"} | properties,
        "createdAt": STAMP,
        "updatedAt": STAMP,
        "archived": False,
        "associations": {"companies": {"results": [{"id": "9"}]}},
    }


def json_lines(*items: object) -> str:
    return "".join(
        (item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)) + "\n"
        for item in items
    )


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_json_lines_are_loaded_with_their_nested_properties(office: Office, suffix: str) -> None:
    entry = office.load(DEALS + suffix, json_lines(deal(1), deal(2, dealname="Đà Nẵng")))
    assert (entry.status, entry.rows.new) == ("loaded", 2)
    assert office.query(
        "select id, dealname, amount::varchar, archived, _line_number from raw_hubspot.deals"
        " order by id"
    ) == [("7001", "Deal 1", "100.50", False, 1), ("7002", "Đà Nẵng", "200.50", False, 2)]


def test_numbers_in_json_stay_exact(office: Office) -> None:
    big = json.dumps(deal(1, amount=1520.5)).replace('"7001"', "90071992547409931")
    office.load(DEALS, json_lines(big))
    assert office.query("select id, amount::varchar from raw_hubspot.deals") == [
        ("90071992547409931", "1520.50")
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "9", "properties": {', "the line is no JSON"),
        ("42", "is JSON, but no object"),
        ('"text"', "is JSON, but no object"),
        ("null", "is JSON, but no object"),
        ("[{}]", "is JSON, but no object"),
        ('{"id": "9", "id": "8"}', "the same key twice"),
        ('{"id": "9", "properties": {"amount": "1", "amount": "2"}}', "the same key twice"),
        ('{"id": "9", "properties": {"amount": NaN}}', "amount"),
        (json.dumps(deal(9, amount="about ten")), "amount 'about ten' is not a number"),
        ('{"properties": {"amount": "1"}}', "id is required"),
    ],
)
def test_a_bad_line_of_json_is_kept_in_quarantine(office: Office, line: str, reason: str) -> None:
    entry = office.load(DEALS, json_lines(deal(1), "", "  ", line, deal(2)))
    ((number, raw_text, reasons),) = office.quarantine()
    assert (number, raw_text) == (4, line)
    assert reason in reasons
    assert (entry.rows.read, entry.rows.new) == (3, 2)
    assert office.query("select _line_number from raw_hubspot.deals order by id") == [(1,), (5,)]


def test_an_error_answer_saved_as_json_lines_is_rejected(office: Office) -> None:
    entry = office.load(DEALS, '{"status":"error","message":"The token expired"}\n')
    assert entry.status == "rejected"
    assert "lacks the required column id" in (entry.error or "")


def test_unknown_keys_of_json_are_kept(office: Office) -> None:
    office.load(DEALS, json_lines(deal(1, my_own_field="x")))
    extra = json.loads(office.value("select _extra::varchar from raw_hubspot.deals"))
    assert extra["my_own_field"] == "x"


def _parquet(office: Office, columns: str) -> None:
    path = office.home / "landing" / PARQUET
    path.parent.mkdir(parents=True, exist_ok=True)
    office.connection.execute(f"copy (select {columns}) to '{path}' (format parquet)")


ACCOUNT_COLUMNS = f"""
    unnest(['{salesforce_id("001", 1)}', '{salesforce_id("001", 2)}']) as "Id",
    timestamptz '2026-03-01 08:00:00+00' as "SystemModstamp", 'x' as "Name"
"""


def test_typed_parquet_is_loaded(office: Office) -> None:
    _parquet(office, f'{ACCOUNT_COLUMNS}, 12.5::double as "AnnualRevenue", 7 as "Shoe__c"')
    (entry,) = office.ingest().entries
    assert (entry.status, entry.rows.new) == ("loaded", 2)
    assert office.query(
        "select system_modstamp, annual_revenue::varchar, _extra::varchar, _line_number"
        " from raw_salesforce.account order by id limit 1"
    ) == [(dt.datetime.fromisoformat("2026-03-01T08:00"), "12.50", '{"Shoe__c":"7"}', 1)]


def test_nan_in_parquet_is_no_number(office: Office) -> None:
    _parquet(office, f"{ACCOUNT_COLUMNS}, unnest([1.0::double, 'nan']) as \"AnnualRevenue\"")
    office.ingest()
    ((line, _, reasons),) = office.quarantine()
    assert (line, "is not a number" in reasons) == (2, True)


def test_the_same_records_are_one_version_in_any_form(office: Office) -> None:
    _parquet(office, f'{ACCOUNT_COLUMNS}, 1000::double as "AnnualRevenue"')
    office.ingest()
    rows = [account(n, Name="x", AnnualRevenue="1000.00") for n in (1, 2)]
    entry = office.load("salesforce/Account/2026-03-15/a.csv", rows)
    assert entry.rows.unchanged == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"PAR1" + b"\x15\x04" * 60, "is no Parquet file"), (b"", "is no Parquet file")],
    ids=["cut", "empty"],
)
def test_damaged_parquet_is_rejected(office: Office, data: bytes, reason: str) -> None:
    assert reason in (office.load(PARQUET, data).error or "")


def test_damage_that_is_an_internal_error_of_the_reader_stops_no_other_file(office: Office) -> None:
    _parquet(office, f"{ACCOUNT_COLUMNS} from range(50)")
    file = office.home / "landing" / PARQUET
    good = file.read_bytes()
    for place, wrong in product(range(len(good) - 400, len(good) - 8), (b"\x01", b"\xf5")):
        file.write_bytes(good[:place] + wrong + good[place + 1 :])
        if _is_internal_error(file):
            break
    else:
        pytest.fail("no byte of the footer makes DuckDB fail internally")
    office.deliver(f"salesforce/Account/{DAY}/good.csv", [account(2)])
    damaged, loaded = office.ingest().entries
    assert "is no Parquet file, or a damaged one" in (damaged.error or "")
    assert (loaded.status, loaded.rows.new) == ("loaded", 1)


def _is_internal_error(file: Path) -> bool:
    with duckdb.connect(":memory:") as aside:
        try:
            aside.execute(f"select columns(*)::varchar from read_parquet('{file}')").fetchall()
        except duckdb.InternalException:
            return True
        except duckdb.Error:
            return False
    return False


def test_parquet_without_the_key_is_rejected(office: Office) -> None:
    _parquet(office, "timestamptz '2026-03-01 08:00:00+00' as \"SystemModstamp\"")
    (entry,) = office.ingest().rejected
    assert "lacks the required column Id" in (entry.error or "")


Cell = str | int | float | bool | dt.date | None


def workbook(rows: Sequence[Sequence[Cell]], *, before: str = "", is_1904: bool = False) -> bytes:
    """A workbook of one visible sheet; ``before`` is the XML of a hidden one that comes first."""

    def cell(place: str, value: Cell) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        if isinstance(value, dt.date):
            first = dt.date(1904, 1, 1) if is_1904 else dt.date(1899, 12, 30)
            return f'<c r="{place}" s="1"><v>{(value - first).days}</v></c>'
        if isinstance(value, int | float):
            return f'<c r="{place}"><v>{value!r}</v></c>'
        if value.startswith("#"):
            return f'<c r="{place}" t="e"><v>{value}</v></c>'
        if value.startswith("="):
            return f'<c r="{place}"><f>A1</f><v>{value[1:]}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'

    body = "".join(
        f'<row r="{number}">'
        + "".join(cell(f"{chr(65 + column)}{number}", value) for column, value in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    links = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    sheets = '<sheet name="Quota" sheetId="1" r:id="r1"/>'
    if before:
        sheets = '<sheet name="Old" sheetId="2" r:id="r2" state="hidden"/>' + sheets
    parts = {
        "xl/workbook.xml": f'<workbook {main} {links}><workbookPr date1904="{int(is_1904)}"/>'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        '<Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="r2" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet {main}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
        "</cellXfs></styleSheet>",
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{body}</sheetData></worksheet>",
        "xl/worksheets/sheet2.xml": before or "<worksheet/>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


HEADER = ["employee_id", "month", "quota_type", "amount", "currency_code"]
MONTH = dt.date(2026, 1, 1)


def _quotas(office: Office) -> list[tuple[Any, ...]]:
    return office.query(
        "select employee_id, month::varchar, amount::varchar, _line_number"
        " from raw_company.quota order by all"
    )


@pytest.mark.parametrize("is_1904", [False, True], ids=["1900", "1904"])
def test_a_sheet_is_loaded_as_people_see_it(office: Office, is_1904: bool) -> None:
    rows: list[Sequence[Cell]] = [
        HEADER,
        ["E1", MONTH, "Bookings", 60000, "USD"],
        ["E2", MONTH, "Bookings", 1234.0999999999999, "USD"],
        [None, None, None, None, None],
        ["E3", MONTH, "Bookings", "=750", "USD"],
    ]
    entry = office.load(QUOTA, workbook(rows, is_1904=is_1904))
    assert entry.rows.new == 3
    assert _quotas(office) == [
        ("E1", "2026-01-01", "60000.00", 2),
        ("E2", "2026-01-01", "1234.10", 3),
        ("E3", "2026-01-01", "750.00", 5),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["E2", MONTH, "Bookings", "#REF!", "USD"], "amount '#REF!' is not a number"),
        (["E3", None, None, 120000, None], "month is required"),
        (["E2", MONTH, "Bookings", 5, "USD", "a note beside"], "has no name in the header"),
    ],
)
def test_a_bad_row_of_a_sheet_is_kept_in_quarantine(
    office: Office, row: Sequence[Cell], reason: str
) -> None:
    office.load(QUOTA, workbook([HEADER, ["E1", MONTH, "Bookings", 1, "USD"], [None], row]))
    ((line, _, reasons),) = office.quarantine()
    assert (line, reason in reasons) == (4, True)
    assert len(_quotas(office)) == 1


def test_hidden_sheets_are_not_read(office: Office) -> None:
    rows = [HEADER, ["E1", MONTH, "Bookings", 1, "USD"]]
    entry = office.load(QUOTA, workbook(rows, before="<worksheet><broken"))
    assert entry.rows.new == 1


def test_months_side_by_side_are_not_the_shape_of_the_contract(office: Office) -> None:
    entry = office.load(QUOTA, workbook([["employee_id", "Jan", "Feb"], ["E1", 1, 2]]))
    assert entry.status == "rejected"
    assert "sheet 'Quota': the header lacks the required column month" in (entry.error or "")


@pytest.mark.parametrize(
    "data",
    [b"<html><table></table></html>", workbook([HEADER])[:300], b""],
    ids=["html", "cut", "empty"],
)
def test_what_is_no_workbook_is_rejected(office: Office, data: bytes) -> None:
    assert "is no XLSX workbook" in (office.load(QUOTA, data).error or "")


def test_landing_holds_only_what_was_delivered(office: Office) -> None:
    office.load(QUOTA, workbook([HEADER, ["E1", MONTH, "Bookings", 1, "USD"]]))
    files = [p for p in Path(office.settings.landing_folder).rglob("*") if p.is_file()]
    assert [file.name for file in files] == ["quota.xlsx"]
