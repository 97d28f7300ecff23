"""Tables that replace what changed end as a whole build does, whatever was loaded, and when."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest
from dbt.adapters.duckdb import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from dbt_company import Company
from hubspot_deals import translate
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from random_deals import EXTRACTS, deliver

from orchestration.settings import DBT_PROJECT

Load = dict[Path, str]  # text by file of landing
Contents = dict[str, Counter[tuple[object, ...]]]  # rows by table

ZONE = "Asia/Ho_Chi_Minh"
NEXT_DAY = "2026-07-01"  # the day after the newest extract
DATES = ["2026-06-30", "2026-05-12", "2026-06-10"]
SETTLED = {"OpportunityStage", "CurrencyType", "pipelines"}  # with them everything changes
RECORDS = {"Opportunity", "deals"}
KEEPERS = ["opportunities_built", "pipeline_groups_built"]


class Project:
    """The dbt project, parsed once and run in this process."""

    def __init__(self, folder: Path) -> None:
        # Parsed here: what the project's own folder holds may be of another target.
        self.manifest: Manifest = self._run(dbtRunner(), folder, "parse").result
        self.manifest.build_flat_graph()

    def build(self, company: Company, as_of: str, *models: str) -> None:
        """Build these models and what they are made of; by default all that replaces rows."""
        variables = {"as_of_date": as_of, "business_timezone": ZONE}
        selected = (f"+{model}" for model in models or KEEPERS)
        command = ("run", "--vars", json.dumps(variables), "--select", *selected)
        self._run(dbtRunner(manifest=self.manifest), company.home, *command)

    def _run(self, dbt: dbtRunner, home: Path, *command: str) -> dbtRunnerResult:
        folders = [
            *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
            *("--target-path", str(home / "target"), "--log-path", str(home / "logs")),
        ]
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("SALESOPS_HOME", str(home))
            done = dbt.invoke([*command, "--quiet", *folders])
        DuckDBConnectionManager.close_all_connections()
        assert done.success, done.exception or done.result
        return done

    def incremental_tables(self) -> list[str]:
        return [
            f"{node.schema}.{node.alias}"
            for node in self.manifest.nodes.values()
            if node.resource_type == "model" and node.config.materialized == "incremental"
        ]


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    return Project(tmp_path_factory.mktemp("project"))


def contents(company: Company, tables: Iterable[str]) -> Contents:
    with duckdb.connect(str(company.settings.warehouse_file), read_only=True) as reader:
        return {
            name: Counter(reader.execute(f"select * from {name}").fetchall()) for name in tables
        }


def differences(found: Contents, expected: Contents) -> list[str]:
    return [
        f"{name}: {(rows - found[name]).total()} rows are missing, of"
        f" {(found[name] - rows).total()} too many"
        for name, rows in expected.items()
        if found[name] != rows
    ]


def built_in_one_go(company: Company, project: Project, home: Path, as_of: str) -> Company:
    """A company with the same raw tables, and nothing that was ever built of them before."""
    whole = Company(home)
    whole.settings.warehouse_file.parent.mkdir(parents=True)
    shutil.copy(company.settings.warehouse_file, whole.settings.warehouse_file)
    with duckdb.connect(str(whole.settings.warehouse_file)) as connection:
        for schema in ("marts", "intermediate", "staging"):
            connection.execute(f"drop schema if exists {schema} cascade")
        for keeper in KEEPERS:
            connection.execute(f"drop table if exists ops.{keeper}")
    project.build(whole, as_of)
    return whole


def scattered(extracts: Path, some: random.Random, loads: int) -> list[Load]:
    """The files of extracts, dealt out to so many loads.

    An extract of records stays whole, for what is missing from one was deleted, but an older one
    may come after a newer one. Most rows of histories and rates come with the first load, each of
    the others with any: late, before the record it is about, or before older rows.
    """
    dealt: list[Load] = [{} for _ in range(loads)]
    load_of_records: dict[Path, Load] = {}
    for file in sorted(file for file in extracts.rglob("*.*") if file.is_file()):
        path, text = file.relative_to(extracts), file.read_text(encoding="utf-8")
        name = path.parts[1]
        if name in SETTLED:
            dealt[0][path] = text
        elif name in RECORDS:
            load_of_records.setdefault(path.parent, some.choice(dealt))[path] = text
        else:
            lines = text.splitlines(keepends=True)
            head = lines.pop(0) if path.suffix == ".csv" else ""
            late = 0.7 if name == "DatedConversionRate" else 0.1  # of rates there are few
            for line in lines:
                number = some.choice(range(loads)) if some.random() < late else 0
                part = path.with_name(f"part-{number}{path.suffix}")
                dealt[number][part] = dealt[number].get(part, head) + line
    return dealt


def merge_of_two_deals(extracts: Path) -> Load:
    """An extract of one record of HubSpot, into which another was merged."""
    file = max((extracts / "hubspot" / "deals").iterdir()) / "deals.jsonl"
    survivor, merged = map(json.loads, file.read_text(encoding="utf-8").splitlines()[:2])
    survivor["properties"]["hs_merged_object_ids"] = merged["id"]
    return {Path("hubspot/deals") / NEXT_DAY / "deals.jsonl": json.dumps(survivor) + "\n"}


def change_after_midnight(extracts: Path) -> Load:
    """A row in the newest history, stamped when its day was over: it is seen, but not yet true."""
    file = (
        max((extracts / "salesforce" / "OpportunityHistory").iterdir()) / "OpportunityHistory.csv"
    )
    *_, row = csv.DictReader(file.open(encoding="utf-8"))
    row |= {"Id": "0085g9999999999AAA", "Amount": "1.25", "CreatedDate": "2026-06-30T20:00:00.000Z"}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerow(row)
    return {file.with_name("after-midnight.csv").relative_to(extracts): text.getvalue()}


def load(company: Company, files: Load) -> None:
    for path, text in files.items():
        file = company.home / "landing" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    company.load()


@settings(
    max_examples=2,  # half a minute each; the first is always the simplest, the second is drawn
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), dates=st.permutations(DATES))
def test_any_sequence_of_loads_ends_with_the_rows_of_a_whole_build(
    seed, dates, project, tmp_path_factory
):
    """Hundreds of deals in two CRMs, each with a story of its own; days go on, and back."""
    some = random.Random(seed)  # noqa: S311 - no secret is made of it
    extracts = tmp_path_factory.mktemp("extracts")
    deliver(extracts, count=150, seed=seed)
    translate(extracts)
    first, second, third = scattered(extracts, some, 3)
    company = Company(tmp_path_factory.mktemp("company"))

    def ends_as_a_whole_build(as_of: str) -> None:
        project.build(company, as_of)
        whole = built_in_one_go(company, project, tmp_path_factory.mktemp("whole"), as_of)
        tables = project.incremental_tables()
        assert differences(contents(company, tables), contents(whole, tables)) == []

    load(company, first)
    project.build(company, dates[0])
    load(company, second)
    ends_as_a_whole_build(dates[1])
    # A run that breaks off halfway, whose work the next one may have to undo.
    load(company, third | change_after_midnight(extracts))
    project.build(
        company, dates[2], "int_opportunity_period_states", "int_pipeline_stretches_valued"
    )
    project.build(company, str(EXTRACTS[-1]))
    load(company, merge_of_two_deals(extracts))
    ends_as_a_whole_build(NEXT_DAY)
