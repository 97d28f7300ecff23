"""The file gate: bytes of a text extract -> a UTF-8 file with plain line ends that can be read.

A file that is what it should be is read where it lies. Anything else that can be made so without
guessing (compressed, another declared encoding, mixed line ends) is written to a scratch file.
"""

from __future__ import annotations

import codecs
import itertools
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from orchestration.ingest.archives import MAX_RATIO, MAX_UNCHECKED_BYTES, member_chunks
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.landing import LandingFile

CHUNK = 1 << 22
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_SIGNATURES = {
    b"PK\x03\x04": "is a zip archive or a workbook, not text",
    b"PK\x05\x06": "is an empty zip archive, not text",
    b"PAR1": "is a Parquet file, not text",
    b"\x1f\x8b": "is compressed by gzip; its name must end in '.gz'",
    b"%PDF": "is a PDF, not text",
}
_TAB, _LINE_FEED, _RETURN, _BLANK, _DELETE = b"\t\n\r \x7f"  # codes below a blank are controls
_SURELY_TEXT = 1024  # bytes without a NUL before a file is taken for text


@dataclass(frozen=True)
class PlainText:
    """A UTF-8 text without lone carriage returns, ready for DuckDB, and what is in it."""

    path: Path
    lines: int  # physical lines; a last one without a line end counts
    is_ascii: bool
    has_control_characters: bool  # other than tab, line feed, carriage return
    ends_with_line_end: bool


def content_sha256(file: LandingFile) -> str:
    """The digest of a file's bytes, by which its content is known again.

    Raises:
        RejectedFileError: the file is a damaged member of an archive.
    """
    digest = sha256()
    for chunk in _content(file):
        digest.update(chunk)
    return digest.hexdigest()


def open_text(file: LandingFile, encoding: str, scratch: Path) -> PlainText:
    """Pass a text file through the gate.

    Args:
        file: the file; compressed when its name ends in ``.gz``.
        encoding: what the contract or profile declares; a byte order mark has the last word.
        scratch: a folder for the text where it must be rewritten.

    Raises:
        RejectedFileError: the file is empty, damaged, no text, or not in the encoding.
    """
    path = file.path
    chunks: Iterable[bytes] = _content(file)
    is_compressed = file.file_name.lower().endswith(".gz")
    if is_compressed:
        chunks = _gunzip(chunks, path.stat().st_size)
    first, chunks = _peek(chunks)
    marked = next((m for m in _BYTE_ORDER_MARKS if first.startswith(m)), b"")
    encoding = _BYTE_ORDER_MARKS.get(marked, encoding)
    if not first[len(marked) :].strip():
        raise RejectedFileError("is empty: there is no header line")
    _check_is_text(first, encoding)
    rewritten = scratch / "text"
    in_place = not is_compressed and file.member is None and encoding == "utf-8"
    if in_place:
        survey = _Survey.of(chunks)
    else:
        survey = _Survey.of(_written(_to_utf8(chunks, encoding), rewritten))
    if survey.has_mixed_line_ends:
        source = path if in_place else rewritten
        normalised = scratch / "normalised"
        survey = _Survey.of(_written(_line_feeds(_chunks(source)), normalised))
        return survey.plain_text(normalised)
    return survey.plain_text(path if in_place else rewritten)


def open_binary(file: LandingFile, scratch: Path) -> Path:
    """A path where a file that is no text can be read.

    Raises:
        RejectedFileError: the file is a damaged member of an archive.
    """
    if file.member is None:
        return file.path
    extracted = scratch / "member"
    for _ in _written(_content(file), extracted):
        pass
    return extracted


class _Survey:
    """What the bytes of a UTF-8 text hold, found in one pass."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._size = self._line_feeds = self._returns = self._pairs = 0
        self._is_ascii, self._has_control, self._last = True, False, b""

    @classmethod
    def of(cls, chunks: Iterable[bytes]) -> _Survey:
        survey = cls()
        for chunk in chunks:
            survey._add(chunk)
        survey._decode(b"", final=True)
        return survey

    def _add(self, chunk: bytes) -> None:
        if not (chunk.isascii() and self._is_ascii):
            self._is_ascii = False
            self._decode(chunk)
        import numpy as np  # counts four times as fast as bytes do, and lets other threads run

        codes = np.frombuffer(chunk, np.uint8)
        line_feeds = int(np.count_nonzero(codes == _LINE_FEED))
        returns = int(np.count_nonzero(codes == _RETURN))
        blanks = line_feeds + returns + int(np.count_nonzero(codes == _TAB))
        self._has_control |= int(np.count_nonzero(codes < _BLANK)) > blanks or _DELETE in chunk
        self._size += len(chunk)
        self._line_feeds += line_feeds
        self._returns += returns
        if returns:
            self._pairs += chunk.count(b"\r\n")
        self._pairs += self._last == b"\r" and chunk[:1] == b"\n"
        self._last = chunk[-1:] or self._last

    def _decode(self, chunk: bytes, *, final: bool = False) -> None:
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            line = 1 + self._line_feeds + error.object[: error.start].count(b"\n")
            raise RejectedFileError(
                "holds bytes that are no UTF-8 text; if it is written in another encoding,"
                " declare it in _profile.yaml, such as 'encoding: cp1252'",
                line=line,
            ) from error

    @property
    def has_mixed_line_ends(self) -> bool:
        """Whether lines end in different ways, or in lone carriage returns."""
        return self._returns > self._pairs or 0 < self._pairs < self._line_feeds

    def plain_text(self, path: Path) -> PlainText:
        ends_with_line_end = self._last == b"\n"
        lines = self._line_feeds + (not ends_with_line_end)
        return PlainText(path, lines, self._is_ascii, self._has_control, ends_with_line_end)


def _content(file: LandingFile) -> Iterator[bytes]:
    return _chunks(file.path) if file.member is None else member_chunks(file, CHUNK)


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except (FileNotFoundError, PermissionError) as error:
        raise RejectedFileError(f"cannot be opened: {error.strerror}") from error


def _peek(chunks: Iterable[bytes]) -> tuple[bytes, Iterable[bytes]]:
    """The first bytes, and all chunks again; blank starts are looked through."""
    iterator = iter(chunks)
    held: list[bytes] = []
    for chunk in iterator:
        held.append(chunk)
        if chunk.strip() and sum(map(len, held)) >= _SURELY_TEXT:
            break
    return b"".join(held), itertools.chain(held, iterator)


def _check_is_text(first: bytes, encoding: str) -> None:
    for signature, problem in _SIGNATURES.items():
        if first.startswith(signature):
            raise RejectedFileError(problem)
    if not encoding.startswith("utf-16") and b"\x00" in first[:_SURELY_TEXT].split(b"\n")[0]:
        raise RejectedFileError(
            "holds NUL bytes in its first line: it is no text, or UTF-16 without a byte order"
            " mark, which _profile.yaml must declare: 'encoding: utf-16-le'"
        )


def _gunzip(chunks: Iterable[bytes], compressed_size: int) -> Iterator[bytes]:
    """The content of a gzip file of any number of members, bounded and verified."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    written, pending = 0, b""
    started = False
    for chunk in chunks:
        pending += chunk
        while pending:
            if not pending.startswith(b"\x1f\x8b"[: len(pending)]) and not started:
                raise RejectedFileError("is no gzip file although its name ends in '.gz'")
            started = True
            if member.eof:
                if not pending.startswith(b"\x1f\x8b"[: len(pending)]):
                    raise RejectedFileError("has trailing garbage after the end of its gzip data")
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            try:
                out = member.decompress(pending, CHUNK)
            except zlib.error as error:
                raise RejectedFileError(f"is a damaged gzip file (corrupt: {error})") from error
            pending = member.unused_data if member.eof else member.unconsumed_tail
            written += len(out)
            if written > max(MAX_UNCHECKED_BYTES, MAX_RATIO * compressed_size):
                raise RejectedFileError(
                    f"expands to more than {MAX_RATIO} times its size, which is taken for a bomb:"
                    " deliver it uncompressed"
                )
            if out:
                yield out
    if started and not member.eof:
        raise RejectedFileError("is a truncated gzip file: its end is missing")


def _to_utf8(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    if encoding == "utf-8":
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    for chunk in itertools.chain(chunks, (b"",)):
        try:
            decoded = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            line = 1 + lines + error.object[: error.start].decode(encoding, "ignore").count("\n")
            raise RejectedFileError(
                f"holds bytes that are no text in the encoding {encoding}", line=line
            ) from error
        lines += decoded.count("\n")
        yield decoded.encode("utf-8", "surrogatepass")


def _line_feeds(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same lines, each ended by a line feed alone."""
    held = b""
    for chunk in chunks:
        chunk = held + chunk
        held = b"\r" if chunk.endswith(b"\r") else b""
        chunk = chunk[: len(chunk) - len(held)]
        yield chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if held:
        yield b"\n"


def _written(chunks: Iterable[bytes], path: Path) -> Iterator[bytes]:
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
            yield chunk
