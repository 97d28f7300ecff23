"""The file gate: which bytes are taken for text, and what is said of those that are not."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pytest

from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.gate import PlainText, content_sha256, open_text
from orchestration.ingest.landing import LandingFile

TEXT = "Id,Name\n1,Café Zürich\n2,Nguyễn\n"


def _open(folder: Path, data: bytes, name: str = "a.csv", encoding: str = "utf-8") -> PlainText:
    (folder / name).write_bytes(data)
    return open_text(_file(folder / name), encoding, folder)


def _file(path: Path) -> LandingFile:
    return LandingFile(path, path.name, "salesforce", "Account", dt.date(2026, 3, 14), path.parent)


def test_plain_text_is_read_where_it_lies(tmp_path: Path) -> None:
    plain = _open(tmp_path, b"Id\n1\n")
    assert plain == PlainText(tmp_path / "a.csv", 2, True, False, True)


def test_a_text_beyond_ascii_is_told(tmp_path: Path) -> None:
    assert _open(tmp_path, TEXT.encode()).is_ascii is False


@pytest.mark.parametrize("character", [b"\x00", b"\x07", b"\x1b", b"\x7f"], ids=repr)
def test_control_characters_are_told(tmp_path: Path, character: bytes) -> None:
    assert _open(tmp_path, b"Id,Name\n1,a" + character + b"\n").has_control_characters


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-8"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-8"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "cp1252"),
    ],
    ids=["little endian", "big endian", "declared", "mark against declaration"],
)
def test_a_byte_order_mark_or_a_declaration_says_the_encoding(
    tmp_path: Path, data: bytes, encoding: str
) -> None:
    plain = _open(tmp_path, data, encoding=encoding)
    assert plain.path.read_text(encoding="utf-8-sig") == TEXT


def test_a_declared_encoding_is_turned_into_utf_8(tmp_path: Path) -> None:
    plain = _open(tmp_path, "Id\nCafé\n".encode("cp1252"), encoding="cp1252")
    assert plain.path.read_text(encoding="utf-8") == "Id\nCafé\n"


@pytest.mark.parametrize(
    "written", ["Id\r1\r2\r", "Id\r\n1\n2\r\n", "Id\n1\r2\n"], ids=["cr", "crlf and lf", "stray"]
)
def test_mixed_line_ends_become_line_feeds(tmp_path: Path, written: str) -> None:
    plain = _open(tmp_path, written.encode())
    assert plain.path.read_bytes() == b"Id\n1\n2\n"
    assert plain.lines == 3


def test_windows_line_ends_alone_are_left_as_they_are(tmp_path: Path) -> None:
    plain = _open(tmp_path, b"Id\r\n1\r\n")
    assert plain.path.name == "a.csv"


def test_a_missing_last_line_end_is_told(tmp_path: Path) -> None:
    plain = _open(tmp_path, b"Id\n1")
    assert (plain.lines, plain.ends_with_line_end) == (2, False)


def test_gzip_members_one_after_another_are_one_text(tmp_path: Path) -> None:
    plain = _open(tmp_path, gzip.compress(b"Id\n1\n") + gzip.compress(b"2\n"), "a.csv.GZ")
    assert plain.path.read_bytes() == b"Id\n1\n2\n"


def _damaged(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]


PACKED = gzip.compress(TEXT.encode() * 50, mtime=0)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\xef\xbb\xbf", "is empty"),
        ("a.csv", b"\n\n  \r\n", "is empty"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "is empty"),
        ("a.csv", TEXT.encode("utf-16-le"), "NUL bytes"),
        ("a.csv", "Id\nA\nCafé\n".encode("cp1252"), "line 3: holds bytes that are no UTF-8"),
        ("a.csv", b"Id\nA\n\xc0\xaf\n", "line 3: holds bytes that are no UTF-8"),
        ("a.csv", "Id\nCafé".encode()[:-1], "line 2: holds bytes that are no UTF-8"),
        ("a.csv", b"PK\x03\x04rest", "zip archive or a workbook"),
        ("a.csv", PACKED, "its name must end in '.gz'"),
        ("a.csv", b"PAR1rest", "Parquet"),
        ("a.csv.gz", TEXT.encode(), "is no gzip file"),
        ("a.csv.gz", PACKED[: len(PACKED) // 2], "truncated gzip"),
        ("a.csv.gz", _damaged(PACKED, len(PACKED) - 6), "damaged gzip"),
        ("a.csv.gz", PACKED + b"GARBAGE", "trailing garbage"),
    ],
    ids=[
        "nothing",
        "byte order mark alone",
        "blank lines",
        "nothing in gzip",
        "utf-16 without a mark",
        "cp1252",
        "overlong",
        "cut character",
        "zip",
        "gzip",
        "parquet",
        "text named gz",
        "cut gzip",
        "wrong checksum",
        "garbage after gzip",
    ],
)
def test_what_is_no_text_is_rejected(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(RejectedFileError, match=reason):
        _open(tmp_path, data, name)


def test_bytes_outside_the_declared_encoding_name_their_line(tmp_path: Path) -> None:
    with pytest.raises(RejectedFileError, match="line 2: holds bytes that are no text"):
        _open(tmp_path, b"Id\n\x81\n", encoding="cp1252")


def test_a_gzip_bomb_is_stopped_before_it_fills_the_disk(tmp_path: Path) -> None:
    bomb = gzip.compress(b"0" * 60_000_000)
    with pytest.raises(RejectedFileError, match="taken for a bomb"):
        _open(tmp_path, bomb, "a.csv.gz")
    written = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert written < 25_000_000


def test_the_same_bytes_have_the_same_digest(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "b").write_bytes(b"x")
    assert content_sha256(_file(tmp_path / "a")) == content_sha256(_file(tmp_path / "b"))
