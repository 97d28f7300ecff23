"""Records and lines: what is a record, where it begins, and which ones are none."""

from __future__ import annotations

import pytest

from tests.integration.ingest.conftest import (
    DAY,
    STAMP,
    Office,
    account,
    csv_text,
    opportunity,
    salesforce_id,
)

FILE = f"salesforce/Account/{DAY}/a.csv"


def _lines(office: Office) -> list[int]:
    return [
        line
        for (line,) in office.query("select _line_number from raw_salesforce.account order by id")
    ]


def test_without_surprises_the_header_is_line_1(office: Office) -> None:
    office.load(FILE, [account(n) for n in range(1, 4)])
    assert _lines(office) == [2, 3, 4]


def test_lines_are_counted_not_records(office: Office) -> None:
    rows = [account(n) for n in range(1, 8)]
    rows[1]["Name"] = "Two\nlines"
    lines = csv_text(rows).split("\n")
    lines[4:4] = ["", "   "]
    lines[8:8] = [f'{salesforce_id("001", 99)},"quoted" badly,,{STAMP}']
    office.load(FILE, "\n".join(lines))
    assert _lines(office) == [2, 3, 7, 8, 10, 11, 12]
    ((line, raw_text, _),) = office.quarantine()
    assert (line, "badly" in raw_text) == (9, True)


def test_lines_are_right_when_every_other_record_takes_two(office: Office) -> None:
    rows = [account(n, Name="Two\nlines" if n % 2 else "One") for n in range(20_000)]
    office.load(FILE, rows)
    assert office.query(
        "select min(line - 2 - n - n // 2), max(line - 2 - n - n // 2)"
        " from (select _line_number as line, substr(id, 6, 10)::BIGINT as n"
        " from raw_salesforce.account)"
    ) == [(0, 0)]


def test_lines_are_right_in_a_file_that_is_read_in_parallel(office: Office) -> None:
    rows = [opportunity(n, Name="long" * 60) for n in range(60_000)]
    rows[50_000]["Amount"] = "much"
    office.load("salesforce/Opportunity/2026-03-14/o.csv", rows)  # 24 MB, some batches
    assert office.query(
        "select count(*), min(_line_number - 2 - n), max(_line_number - 2 - n)"
        " from (select *, substr(id, 6, 10)::BIGINT as n from raw_salesforce.opportunity)"
    ) == [(59_999, 0, 0)]
    assert [line for line, _, _ in office.quarantine()] == [50_002]


def test_a_refused_record_among_plain_lines_shifts_no_line(office: Office) -> None:
    lines = csv_text([account(n) for n in range(1, 5)]).split("\n")
    lines[2:2] = ["only,two"]
    lines[4:4] = [",".join("x" * 9)]
    office.load(FILE, "\n".join(lines))
    assert _lines(office) == [2, 4, 6, 7]
    assert [line for line, _, _ in office.quarantine()] == [3, 5]


@pytest.mark.parametrize("compressed", ["", ".gz"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_line_ends_do_not_matter(office: Office, end: str, compressed: str) -> None:
    entry = office.load(FILE + compressed, csv_text([account(n) for n in (1, 2)], end=end))
    assert (entry.status, entry.rows.new, _lines(office)) == ("loaded", 2, [2, 3])
    assert office.value("select max(length(system_modstamp::varchar)) from raw_salesforce.account")


def test_line_ends_commas_and_quotes_inside_a_quoted_value_are_text(office: Office) -> None:
    name = 'Acme\n"North, East"\nInc'
    office.load(FILE, [account(1), account(2, Name=name), account(3)])
    assert office.value("select name from raw_salesforce.account order by id offset 1") == name
    assert _lines(office) == [2, 3, 6]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("one,two", "the record has 2 fields, the header has 4 columns"),
        ("1,2,3,4,5,6", "the record has 6 fields, the header has 4 columns"),
        (f"{salesforce_id('001', 9)},Acme, Inc,5,{STAMP}", "a value that holds ',' is not quoted"),
        (f'{salesforce_id("001", 9)},"Acme" Inc,5,{STAMP}', "a quote is malformed"),
        (f'{salesforce_id("001", 9)},"A \\"B\\" C",5,{STAMP}', "a quote is malformed"),
        ('{"errorCode":"QUERY_TIMEOUT"}', "the record has 1 fields"),
    ],
)
def test_a_record_that_is_no_row_is_kept_in_quarantine(
    office: Office, record: str, reason: str
) -> None:
    lines = csv_text([account(n) for n in range(1, 5)]).split("\n")
    lines[3:3] = [record]
    entry = office.load(FILE, "\n".join(lines))
    assert office.quarantine()[0][:2] == (4, record)
    assert reason in office.quarantine()[0][2]
    assert (entry.rows.read, entry.rows.new, entry.rows.quarantined) == (5, 4, 1)


def test_a_footer_is_kept_in_quarantine(office: Office) -> None:
    text = csv_text([account(1)]) + '\n"Confidential"\n"Copyright, all rights"\n'
    entry = office.load(FILE, text)
    assert (entry.rows.new, entry.rows.quarantined) == (1, 2)
    assert [line for line, _, _ in office.quarantine()] == [4, 5]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Id,Name,SystemModstamp\n1,2\n3,4\n", "line 2: no record is a row"),
        (
            csv_text([account(1)]) + f'{salesforce_id("001", 2)},"Acme,5,{STAMP}\n' * 3,
            "line 3: a quoted value is not closed",
        ),
        ("Report: Accounts\nAs of today\n\n" + csv_text([account(1)]), "'preamble_lines: 3'"),
        (csv_text([account(1)], delimiter=";"), "'delimiter: \";\"'"),
        (csv_text([account(1)]).split("\n", 1)[1], "lacks the required column Id"),
        ("<html>\n<body>Please log in</body>\n", "this is HTML"),
    ],
    ids=["ragged all over", "open quote", "preamble", "delimiter", "no header", "html"],
)
def test_a_file_that_is_no_table_is_rejected_with_a_cure(
    office: Office, text: str, reason: str
) -> None:
    entry = office.load(FILE, text)
    assert entry.status == "rejected"
    assert reason in (entry.error or "")
    assert office.value("select count(*) from raw_salesforce.account") == 0


def test_declared_preamble_lines_are_skipped_and_counted(office: Office) -> None:
    office.deliver(f"salesforce/Account/{DAY}/_profile.yaml", "preamble_lines: 2\n")
    office.load(FILE, "Accounts\nAs of today\n" + csv_text([account(1), account(2)]))
    assert _lines(office) == [4, 5]


def test_a_column_without_a_name_must_be_empty(office: Office) -> None:
    lines = csv_text([account(n) for n in range(1, 4)]).splitlines()
    text = "\n".join(f"{line},{'x' if place == 2 else ''}" for place, line in enumerate(lines))
    entry = office.load(FILE, text + "\n")
    assert (entry.rows.new, entry.rows.quarantined) == (2, 1)
    assert "column 5 has no name in the header" in office.quarantine()[0][2]


def test_unknown_columns_are_kept_and_told(office: Office) -> None:
    entry = office.load(FILE, [account(1, Shoe_Size__c="44", Empty__c="")])
    assert office.value("select _extra::varchar from raw_salesforce.account") == (
        '{"Shoe_Size__c":"44"}'
    )
    assert "new column, kept in _extra: Empty__c, Shoe_Size__c" in "\n".join(entry.warnings)
    assert office.query(
        "select change, first_extract_date::varchar from ops.schema_change"
        " where column_name = 'Shoe_Size__c'"
    ) == [("new column, kept in _extra", DAY)]


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("Nguyá»…n VÄƒn â€“ CafÃ©", "mojibake"),
        ("Caf\ufffd", "replacement character"),
        ("Acme\u202egpj.exe", "change the direction of text"),
    ],
)
def test_suspicious_texts_are_loaded_and_told(office: Office, name: str, warning: str) -> None:
    entry = office.load(FILE, [account(1), account(2, Name=name), account(3, Name="Größe – Ärger")])
    (told,) = [line for line in entry.warnings if warning in line]
    assert "texts of 1 rows" in told
    assert "line 3" in told
    assert entry.rows.new == 3


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (csv_text([account(1)]).splitlines()[0] + "\n", "no rows: the file holds a header"),
        ("Records not found for this query\n", "no rows: the source answered"),
        (csv_text([account(1)]).rstrip("\n"), "the last line has no line end"),
    ],
    ids=["header only", "no records found", "cut line end"],
)
def test_what_may_be_right_is_loaded_with_a_warning(
    office: Office, text: str, warning: str
) -> None:
    entry = office.load(FILE, text)
    assert entry.status == "loaded"
    assert any(warning in line for line in entry.warnings)


def test_a_row_of_nothing_but_delimiters_is_a_record(office: Office) -> None:
    entry = office.load(FILE, csv_text([account(1)]) + ",,,\n")
    assert entry.rows.quarantined == 1
    assert "Id is required" in office.quarantine()[0][2]


def test_a_very_long_record_is_told_by_its_length(office: Office) -> None:
    entry = office.load(
        f"salesforce/Opportunity/{DAY}/o.csv.gz", [opportunity(1, Name="x" * 3_000_000)]
    )
    assert entry.rows.quarantined == 1
    assert "has more than 255 characters" in office.quarantine()[0][2]
    assert len(office.quarantine()[0][2]) < 500
