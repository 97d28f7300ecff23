"""A dbt project run as the job runs it, on a warehouse of its own."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.ingest.run import ingest_landing
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.transform.project import dbt_executable
from orchestration.warehouse import open_warehouse

Table = list[tuple[object, ...]]


@dataclass(frozen=True)
class Company:
    """A home folder whose extracts are loaded and modelled."""

    home: Path

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, landing=self.home / "landing")

    def load(self) -> None:
        """Load what is in landing into the raw tables."""
        with open_warehouse(self.settings) as connection:
            ingest_landing(self.settings, connection)

    def dbt(self, *arguments: str, **variables: object) -> str:
        """Run dbt with these variables; return what it printed, or fail with it."""
        self.settings.warehouse_file.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [
                str(dbt_executable()),
                *arguments,
                "--no-write-json",
                "--target-path",
                str(self.home / "target"),
                "--log-path",
                str(self.home / "logs"),
                "--vars",
                json.dumps(variables),
            ],
            cwd=DBT_PROJECT,
            env=os.environ | {"SALESOPS_HOME": str(self.home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def marts(self) -> dict[str, Table]:
        """Every table of the marts, its rows in one order."""
        with duckdb.connect(str(self.settings.warehouse_file), read_only=True) as reader:
            names = reader.execute(
                "select table_name from information_schema.tables where table_schema = 'marts'"
            ).fetchall()
            return {
                name: reader.execute(f"select * from marts.{name} order by all").fetchall()
                for (name,) in names
            }
