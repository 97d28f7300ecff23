"""`docs/marts.md` is what its generator makes of the published database."""

from __future__ import annotations

import json
import re

import pytest

from orchestration.published import open_published
from orchestration.report.dictionary import DICTIONARY, MANIFEST, dictionary
from orchestration.settings import Settings
from orchestration.transform.project import prepare_manifest


@pytest.fixture(scope="module")
def text(demo) -> str:
    prepare_manifest()
    with open_published(Settings(home=demo[0].home)) as published:
        return dictionary(published, json.loads(MANIFEST.read_text(encoding="utf-8")))


def test_the_file_is_what_its_generator_makes(text):
    assert DICTIONARY.read_text(encoding="utf-8") == text, "`make docs` writes it anew"


def test_every_published_table_and_function_is_in_it_with_its_grain(text, demo):
    sections = dict(re.findall(r"### `(.+?)`\n\n(.+)", text))
    published = demo[0].query(
        "select schema_name || '.' || table_name from duckdb_tables() union all"
        " select 'marts.' || function_name from duckdb_functions() where schema_name = 'marts'"
    )
    assert set(sections) == {name for (name,) in published}
    assert [name for name, said in sections.items() if not said.startswith("One row per")] == []
    assert "Call: `marts.pipeline_waterfall_between(first_date, last_date)`." in text


def test_every_column_of_a_mart_has_its_type_and_meaning(text, demo):
    described = re.findall(r"^\| `(\w+)` \| \S.* \| \S.* \|$", text, re.MULTILINE)
    assert [line for line in text.splitlines() if line.endswith("|  |")] == []
    ((columns,),) = demo[0].query("select count(*) from duckdb_columns() where not internal")
    assert len(described) > columns


def test_tables_say_their_keys(text):
    for table, key in {
        "fct_opportunity": "`opportunity_key`",
        "mart_pipeline_waterfall": "`period_type`, `period_start_date`, `owner_key`",
    }.items():
        section = text.split(f"### `marts.{table}`")[1].split("###")[0]
        assert f"\nKey: {key}.\n" in section
