"""What tests of every kind share."""

from __future__ import annotations

import fcntl
import json
import os
import socketserver
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import duckdb
import pytest

pytest_plugins = ["tests.figures"]


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> None:
    """The machine's own SALESOPS_* and DAGSTER_HOME must not decide what a test sees."""
    for name in [name for name in os.environ if name.startswith(("SALESOPS_", "DAGSTER_"))]:
        del os.environ[name]


@dataclass(frozen=True)
class Installation:
    """A home folder, worked in as a user does: by the command."""

    home: Path

    def salesops(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the command as a process of its own and return what it printed."""
        process = self.start(*arguments, **environment)
        output, error = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, output, error)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the command as a process of its own."""
        return subprocess.Popen(
            [str(Path(sys.executable).parent / "salesops"), *arguments],
            env=os.environ | {"SALESOPS_HOME": str(self.home)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def landing(self) -> Path:
        return self.home / "landing"

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse" / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.home / "published" / "salesops.duckdb"

    def query(self, sql: str) -> list[tuple]:
        """Rows of a query of the published database."""
        with duckdb.connect(str(self.published.resolve()), read_only=True) as reader:
            return reader.execute(sql).fetchall()


def made_once(
    factory: pytest.TempPathFactory, worker_id: str, name: str, make: Callable[[Path], None]
) -> Path:
    """A folder that is made once for all tests, whichever process they run in; only to be read."""
    base = factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make(folder)
            (folder / "made").touch()
    return folder


class Webhook:
    """A real server on the loopback address that keeps the messages it is sent."""

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.messages.append(json.loads(body))
                self.send_response(500 if "refused" in self.path else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    server = Webhook()
    yield server
    server.close()


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it is given; it offers no TLS."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.commands: list[str] = []
        self.messages: list[str] = []
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            self.server.commands.append(line)
            command = line.upper()
            if command.startswith("EHLO"):
                self._say("250 AUTH PLAIN")
            elif command == "DATA":
                self._say("354 go on")
                lines = []
                while (text := self.rfile.readline().decode()) != ".\r\n":
                    lines.append(text)
                self.server.messages.append("".join(lines).replace("\r\n", "\n"))
                self._say("250 taken")
            elif command == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 well")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.shutdown()
    server.server_close()
