"""Zip archives: checked as a whole, then each member is a file of its own.

Members are only ever read from within the archive; no path in it is followed.
"""

from __future__ import annotations

import datetime as dt
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.landing import BUNDLE, LandingFile, UnknownObject, is_ignored

# A member beyond both limits is taken for a bomb.
MAX_RATIO, MAX_UNCHECKED_BYTES = 200, 1 << 24
_ENCRYPTED = 0x1
_COPIED_AT_ONCE = 1 << 20  # bytes
# What `zipfile` raises for an archive, or a member, that is no sound one; NotImplementedError is a
# compression or a version of the format that it does not read.
_UNREADABLE = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError)
_CORRUPT = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
_NESTED = (".zip", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz")


def is_archive(file: LandingFile) -> bool:
    """Whether the file is a zip archive by its name."""
    return file.path.name.lower().endswith(".zip")


def members_of(
    archive: LandingFile, known: Collection[tuple[str, str]]
) -> tuple[list[LandingFile], list[UnknownObject]]:
    """The extracts in an archive, and objects in it that no contract describes.

    In the folder of an object, every member is an extract of it. In a bundle, a member's name is
    its object, ``Account.csv``.

    Raises:
        RejectedFileError: the archive is damaged or unsafe; nothing of it is used.
    """
    try:
        with zipfile.ZipFile(archive.path) as opened:
            entries = opened.infolist()
    except _UNREADABLE as error:
        raise RejectedFileError(f"is a damaged or truncated zip archive: {error}") from error
    names = [entry.filename for entry in entries]
    if twins := sorted({name for name in names if names.count(name) > 1}):
        raise RejectedFileError(f"holds two members of the same name, '{twins[0]}'")
    for entry in entries:
        check_member(entry)
    files, unknown = [], []
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if entry.is_dir() or any(is_ignored(part) for part in path.parts):
            continue
        file_name = f"{archive.file_name}/{entry.filename}"
        object_name = path.name.split(".")[0] if archive.object == BUNDLE else archive.object
        if (archive.source, object_name) in known:
            files.append(
                replace(archive, file_name=file_name, object=object_name, member=entry.filename)
            )
        else:
            unknown.append(UnknownObject(archive.source, object_name, file_name))
    if not files and not unknown:
        raise RejectedFileError("is a zip archive that contains no file: it is empty")
    return files, unknown


def check_member(entry: zipfile.ZipInfo) -> None:
    """Refuse what no delivery needs.

    Raises:
        RejectedFileError: the member is unsafe to read.
    """
    written = entry.orig_filename.replace("\\", "/")
    if written.startswith("/") or ".." in written.split("/") or ":" in written.split("/")[0]:
        raise RejectedFileError(
            f"is unsafe: the path of its member '{entry.orig_filename}' leads outside the archive"
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise RejectedFileError(f"is unsafe: its member '{entry.filename}' is a link")
    if entry.flag_bits & _ENCRYPTED:
        raise RejectedFileError("is protected by a password (encrypted), which nobody can enter")
    if entry.filename.lower().endswith(_NESTED):
        raise RejectedFileError(f"holds another archive, '{entry.filename}'; unpack it first")
    if entry.file_size > max(MAX_UNCHECKED_BYTES, MAX_RATIO * entry.compress_size):
        raise RejectedFileError(
            f"its member '{entry.filename}' expands to more than {MAX_RATIO} times its size, which"
            " is taken for a bomb: deliver it uncompressed"
        )


@contextmanager
def member_unpacked(archive: Path, member: Path) -> Iterator[Path]:
    """A member of an archive as a file of its own, for as long as the context lasts.

    Args:
        archive: the archive.
        member: the member's path, as if the archive were a folder.

    Raises:
        RejectedFileError: there is no such member, or it is damaged or unsafe.
    """
    name = member.relative_to(archive).as_posix()
    try:
        with zipfile.ZipFile(archive) as opened:
            check_member(opened.getinfo(name))
    except KeyError as error:
        raise RejectedFileError(f"the archive has no member '{name}'") from error
    except _UNREADABLE as error:
        raise RejectedFileError(f"is a damaged or truncated zip archive: {error}") from error
    file = LandingFile(archive, name, "", "", dt.date.min, archive.parent, member=name)
    with tempfile.TemporaryDirectory(prefix="salesops-") as folder:
        unpacked = Path(folder) / member.name
        with unpacked.open("wb") as target:
            target.writelines(member_chunks(file, _COPIED_AT_ONCE))
        yield unpacked


def member_chunks(archive: LandingFile, size: int) -> Iterator[bytes]:
    """The bytes of a member, never more than the archive's directory declares.

    Raises:
        RejectedFileError: the member is damaged.
    """
    try:
        with (
            zipfile.ZipFile(archive.path) as opened,
            opened.open(archive.member or "") as member,
        ):
            while chunk := member.read(size):
                yield chunk
    except _CORRUPT as error:
        raise RejectedFileError(f"is damaged in its archive (corrupt): {error}") from error
