"""What a command takes: wall time, CPU time and peak memory of its whole tree of processes."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_SAMPLE_SECONDS = 0.1


class CommandFailedError(RuntimeError):
    """A measured command ended with an error; the message holds the end of what it printed."""


@dataclass(frozen=True)
class Figures:
    """What one run of a command took."""

    wall_seconds: float
    cpu_seconds: float  # user and system, of the process and all that it waited for
    peak_megabytes: float  # of all processes of the tree together
    part_seconds: dict[str, float] = field(default_factory=dict)  # wall time, where parts are told

    def __add__(self, later: Figures) -> Figures:
        """Of two commands, one after the other."""
        return Figures(
            self.wall_seconds + later.wall_seconds,
            self.cpu_seconds + later.cpu_seconds,
            max(self.peak_megabytes, later.peak_megabytes),
            self.part_seconds | later.part_seconds,
        )


@dataclass(frozen=True)
class Measured:
    """A command that went well: its figures, and what it printed."""

    figures: Figures
    printed: str


def measured(
    command: Sequence[str | Path],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Measured:
    """Run a command and measure it.

    Memory is sampled ten times a second. What processes share by mapping the same files is counted
    once: their own memory is added up, and to it comes the largest share of files.

    Args:
        command: the program and its arguments.
        folder: to run it in.
        environment: added to this process's own.

    Raises:
        CommandFailedError: it ended with an error.
    """
    begin = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)),
        cwd=folder,
        env=os.environ | dict(environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    memory = _PeakMemory(process.pid)
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        name = " ".join(map(str, command))[:200]
        raise CommandFailedError(f"'{name}' ended with {process.returncode}:\n{printed[-3000:]}")
    # The largest single process is known exactly, whatever fell between two samples.
    peak = max(memory.stop(), usage.ru_maxrss / 1024)
    return Measured(Figures(wall, usage.ru_utime + usage.ru_stime, peak), printed)


class _PeakMemory:
    """Watches the memory of a process and its descendants until it is stopped."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._peak = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """The largest sum that was seen, in MB."""
        self._stopped.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while not self._stopped.wait(_SAMPLE_SECONDS):
            kinds = [kinds for pid in _tree(self._root) if (kinds := _resident(pid))]
            own = sum(kinds_of["RssAnon"] + kinds_of["RssShmem"] for kinds_of in kinds)
            files = max((kinds_of["RssFile"] for kinds_of in kinds), default=0)
            self._peak = max(self._peak, (own + files) / 1024)


def _tree(root: int) -> list[int]:
    """A process and all its descendants, by number."""
    found = [root]
    for pid in found:
        for thread in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                found += map(int, thread.read_text(encoding="ascii").split())
            except OSError:  # it has ended meanwhile
                continue
    return found


def _resident(pid: int) -> Mapping[str, int]:
    """Resident memory of a process by kind, in KB; nothing when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    kinds = {name: rest for name, _, rest in (line.partition(":") for line in lines)}
    if "RssAnon" not in kinds:  # a zombie has none
        return {}
    return {kind: int(kinds[kind].split()[0]) for kind in ("RssAnon", "RssFile", "RssShmem")}
