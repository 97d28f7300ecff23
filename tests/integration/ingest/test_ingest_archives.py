"""Archives: safe ones are loaded member by member, unsafe ones are refused as a whole."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.integration.ingest.conftest import DAY, Office, account, csv_text, opportunity

ARCHIVE = f"salesforce/Account/{DAY}/Account.zip"
BUNDLE = f"salesforce/_bundle/{DAY}/WE_00D000000000001AAA_1.ZIP"
TEXT = csv_text([account(1), account(2)])


def packed(*members: tuple[str | zipfile.ZipInfo, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            archive.writestr(name, text)
    return out.getvalue()


def _link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("Account.csv")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


def _encrypted() -> bytes:
    data = bytearray(packed(("Account.csv", TEXT)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    return bytes(data)


def _wrong_checksum() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Account.csv", TEXT)
    return out.getvalue().replace(b"Company 1", b"Company X", 1)


def test_members_are_files_of_their_own(office: Office) -> None:
    office.deliver(ARCHIVE, packed(("a.csv", TEXT), ("b.csv", csv_text([account(3)]))))
    result = office.ingest()
    assert [(e.file_name, e.rows.new) for e in result.entries] == [
        (f"{ARCHIVE}/a.csv", 2),
        (f"{ARCHIVE}/b.csv", 1),
    ]
    assert office.ingest().entries == ()


def test_lines_of_a_member_are_counted_in_the_member(office: Office) -> None:
    rows = [account(1), account(2, AnnualRevenue="abc")]
    office.deliver(ARCHIVE, packed(("a.csv", csv_text(rows))))
    office.ingest()
    assert office.quarantine()[0][0] == 3


def test_a_bundle_holds_several_objects_and_an_object_several_bundles(office: Office) -> None:
    office.deliver(
        BUNDLE, packed(("Account.csv", TEXT), ("Opportunity.csv", csv_text([opportunity(1)])))
    )
    office.deliver(
        BUNDLE.replace("_1.", "_2."), packed(("Opportunity.csv", csv_text([opportunity(2)])))
    )
    result = office.ingest()
    assert result.rejected == ()
    assert office.value("select count(*) from raw_salesforce.account") == 2
    assert office.value("select count(*) from raw_salesforce.opportunity") == 2


def test_an_object_of_a_bundle_without_a_contract_is_left_alone(office: Office) -> None:
    office.deliver(BUNDLE, packed(("Account.csv", TEXT), ("Apex_Log.csv", "Id\n1\n")))
    result = office.ingest()
    assert [unknown.object for unknown in result.unknown_objects] == ["Apex_Log"]
    assert (result.rejected, result.rows.new) == ((), 2)


def test_what_a_macintosh_adds_is_left_alone(office: Office) -> None:
    office.deliver(
        ARCHIVE,
        packed(("Account.csv", TEXT), ("__MACOSX/._Account.csv", "\x00"), (".DS_Store", "\x00")),
    )
    assert [entry.status for entry in office.ingest().entries] == ["loaded"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (packed(("Account.csv", TEXT), ("../../evil.csv", TEXT)), "leads outside the archive"),
        (packed(("/etc/evil.csv", TEXT)), "leads outside the archive"),
        (packed(("..\\..\\evil.csv", TEXT)), "leads outside the archive"),
        (packed((_link(), "/etc/hostname")), "is a link"),
        (_encrypted(), "protected by a password"),
        (packed(("inner.zip", "PK")), "holds another archive"),
        (packed(), "contains no file"),
        (packed(("Account.csv", TEXT))[:60], "damaged or truncated zip archive"),
        (packed(("Account.csv", "0" * 30_000_000)), "taken for a bomb"),
        (_wrong_checksum(), "is damaged in its archive"),
    ],
    ids=[
        "climbs out",
        "absolute",
        "backslashes",
        "link",
        "password",
        "nested",
        "empty",
        "cut",
        "bomb",
        "checksum",
    ],
)
@pytest.mark.parametrize("place", [ARCHIVE, BUNDLE], ids=["object", "bundle"])
def test_an_unsafe_or_damaged_archive_is_refused(
    office: Office, place: str, data: bytes, reason: str
) -> None:
    office.deliver(place, data)
    (entry,) = office.ingest().rejected
    assert reason in (entry.error or "")
    assert entry.file_name.startswith(place)
    assert office.value("select count(*) from raw_salesforce.account") == 0
    assert not [path for path in office.home.rglob("*") if "evil" in path.name]


def test_a_refused_archive_is_loaded_when_it_is_replaced(office: Office) -> None:
    office.deliver(ARCHIVE, packed(("Account.csv", TEXT))[:60])
    assert len(office.ingest().rejected) == 1
    office.deliver(ARCHIVE, packed(("Account.csv", TEXT)))
    result = office.ingest()
    assert (result.rejected, result.rows.new) == ((), 2)
    assert office.query("select status from ops.load_ledger") == [("loaded",)]


def test_two_members_of_one_name_are_refused_because_only_one_could_be_read(office: Office) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = packed(
            ("Account.csv", csv_text([account(1)])), ("Account.csv", csv_text([account(2)]))
        )
    entry = office.load(ARCHIVE, twice)
    assert entry.status == "rejected"
    assert "two members of the same name" in str(entry.error)


def test_a_damaged_member_is_rejected_and_the_files_after_it_are_loaded(office: Office) -> None:
    data = bytearray(packed(("Account.csv", csv_text([account(n) for n in range(200)]))))
    begin = data.index(b"Account.csv") + len(b"Account.csv")
    data[begin : begin + 40] = bytes(40)
    office.deliver(ARCHIVE, bytes(data))
    office.deliver(f"salesforce/Opportunity/{DAY}/o.csv", [opportunity(1)])
    statuses = {entry.object: entry.status for entry in office.ingest().entries}
    assert statuses["Account"] == "rejected"
    assert statuses["Opportunity"] == "loaded"
