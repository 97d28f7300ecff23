"""What all commands share: consoles, exit codes, and errors in plain words."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from rich.console import Console
from rich.markup import escape

from orchestration.company import CompanyError
from orchestration.contracts import ContractError
from orchestration.ingest.errors import IngestError
from orchestration.publish.rollback import RollbackError
from orchestration.publish.versions import StaleLogError
from orchestration.published import NotPublishedError
from orchestration.sample.copy import ForeignExtractsError
from orchestration.transform.project import TransformError
from orchestration.warehouse import (
    NoWarehouseError,
    WarehouseBusyError,
    WarehouseDamagedError,
)

FAILED, REJECTED = 1, 3
SPEAKING_ERRORS = (
    CompanyError,
    ContractError,
    ForeignExtractsError,
    IngestError,
    NotPublishedError,
    NoWarehouseError,
    RollbackError,
    StaleLogError,
    TransformError,
    WarehouseBusyError,
    WarehouseDamagedError,
)
"""Errors whose message says what, where and what to do, so that no traceback is needed."""

console = Console()
errors = Console(stderr=True, soft_wrap=True)


def in_plain_words(command: Callable[..., Any]) -> Callable[..., Any]:
    """Show an error that speaks for itself as one line, and exit with 1."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except SPEAKING_ERRORS as error:
            errors.print(f"[red]error:[/] {escape(str(error))}")
            sys.exit(FAILED)

    return wrapped


def exit_if_rejected(rejected: Iterable[str]) -> None:
    """Name each file that was refused, and exit with 3 when there is one."""
    messages = list(rejected)
    for message in messages:
        errors.print(f"[red]rejected:[/] {escape(message)}")
    if messages:
        sys.exit(REJECTED)
