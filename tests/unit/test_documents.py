"""What documents point to exists: files, headings, tables, environment variables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestration.settings import REPOSITORY, Settings

DOCUMENTS = sorted(
    [
        *REPOSITORY.glob("*.md"),
        *REPOSITORY.glob("docs/**/*.md"),
        *REPOSITORY.glob("benchmarks/*.md"),
    ]
)
TABLES = set(
    re.findall(
        r"^### `(?:marts|ops)\.(\w+)", (REPOSITORY / "docs" / "marts.md").read_text("utf-8"), re.M
    )
)


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def document(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def _leads_somewhere(link: str, document: Path) -> bool:
    file, _, anchor = link.partition("#")
    target = (document.parent / file).resolve() if file else document
    return target.exists() and (not anchor or anchor in _anchors(target.read_text("utf-8")))


def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    inside = [link for link in links if not re.match(r"https?://", link)]
    assert [link for link in inside if not _leads_somewhere(link, document)] == []


def test_every_mart_that_a_document_names_is_published(document: Path) -> None:
    named = set(re.findall(r"\b(?:dim|fct|mart)_[a-z0-9_]+\b", document.read_text("utf-8")))
    assert named - TABLES == set()


def test_every_variable_that_a_document_names_is_a_setting(document: Path) -> None:
    named = set(re.findall(r"\bSALESOPS_[A-Z_]+\b", document.read_text("utf-8")))
    assert named - {f"SALESOPS_{field.upper()}" for field in Settings.model_fields} == set()
