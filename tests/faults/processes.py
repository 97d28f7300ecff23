"""Work in processes of their own that are killed at a given point, or lack something."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any

_FORKSERVER = multiprocessing.get_context("forkserver")
_FORKSERVER.set_forkserver_preload(["tests.publishing", "orchestration.ingest.run"])


def killed(work: Callable[..., Any], *arguments: Any, places: str, at: int) -> tuple[int, int]:
    """Do work in a process that SIGKILL strikes at a call that is made below ``places``.

    Args:
        work: A function of a module.
        arguments: Its arguments.
        places: Part of the path of the files whose calls count.
        at: Number of the call, from 1; -1 to let it live.

    Returns:
        The exit code of the process and the calls it made.
    """
    made = _FORKSERVER.Value("q", 0)
    process = _FORKSERVER.Process(target=_count_and_die, args=(work, arguments, places, at, made))
    process.start()
    process.join(timeout=300)
    return process.exitcode, made.value


def killed_after(work: Callable[..., Any], *arguments: Any, seconds: float) -> int:
    """Do work in a process that is killed after a time, wherever it is; its exit code."""
    process = _FORKSERVER.Process(target=work, args=arguments)
    process.start()
    process.join(timeout=seconds)
    process.kill()
    process.join(timeout=60)
    return process.exitcode


def short_of_disk(work: Callable[..., Any], *arguments: Any, file_bytes: int) -> str:
    """Do work in a process in which no file can grow beyond a size; what it raised, if anything."""
    said = _FORKSERVER.SimpleQueue()
    process = _FORKSERVER.Process(target=_limit, args=(work, arguments, file_bytes, said))
    process.start()
    process.join(timeout=300)
    assert process.exitcode == 0
    return said.get()


def _count_and_die(
    work: Callable[..., Any], arguments: tuple[Any, ...], places: str, at: int, made: Any
) -> None:
    def count(frame: Any, event: str, _: Any) -> None:
        if places in frame.f_code.co_filename and event in ("call", "c_call"):
            made.value += 1
            if made.value == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    work(*arguments)


def _limit(
    work: Callable[..., Any], arguments: tuple[Any, ...], file_bytes: int, said: Any
) -> None:
    signal.signal(
        signal.SIGXFSZ, signal.SIG_IGN
    )  # a write beyond it is an error, as on a full disk
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, resource.RLIM_INFINITY))
    try:
        work(*arguments)
    except Exception as error:
        said.put(f"{type(error).__name__}: {error}")
    else:
        said.put("")
