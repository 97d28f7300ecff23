"""Whether something new lies in landing, told without opening the warehouse."""

from __future__ import annotations

import hashlib

from orchestration.contracts import load_contracts
from orchestration.ingest.landing import discover
from orchestration.settings import Settings


def landing_state(settings: Settings) -> str | None:
    """A digest of names, sizes and times of every extract in landing; None when there is none."""
    digest, found = hashlib.sha256(), False
    for file in discover(settings.landing_folder, load_contracts(settings)).files:
        status = file.path.stat()
        digest.update(f"{file.file_name}|{status.st_size}|{status.st_mtime_ns}\n".encode())
        found = True
    return digest.hexdigest() if found else None
