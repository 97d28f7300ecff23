"""A real browser, and the dashboard served to it.

`python -m tests.browser` makes sure that there is a browser, as far as it can, and says what is
missing otherwise.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "no Chromium: the dashboard's tests need one. Install your system's (Debian, Ubuntu: "
    "`apt-get install chromium`) or Google Chrome, or run `.venv/bin/playwright install chromium`."
)
QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Flags of a browser that runs as root, in containers, and asks nobody for anything."""


def found() -> str | None:
    """Path of a browser: the system's, else the one that Playwright keeps."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@contextmanager
def opened() -> Iterator[Browser]:
    """A headless browser.

    Raises:
        RuntimeError: there is none; the message says what to install.
    """
    path = found()
    if path is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIETLY))
        yield browser
        browser.close()


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The dashboard of a home folder, as `salesops open` serves it; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [str(Path(sys.executable).parent / "salesops"), "open"],
        env=os.environ | {"SALESOPS_HOME": str(home), "STREAMLIT_SERVER_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/_stcore/health", server)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(address):  # noqa: S310
                return
        except URLError:
            time.sleep(0.1)
    raise RuntimeError(f"the dashboard does not answer at {address}")


def main() -> None:
    """Find a browser or have Playwright fetch its own; say what to install where that fails."""
    if found():
        return
    fetch = [str(Path(sys.executable).parent / "playwright"), "install", "chromium"]
    if subprocess.run(fetch, check=False).returncode or not found():
        sys.stderr.write(f"{MISSING}\n")


if __name__ == "__main__":
    main()
