"""The dictionary of the published tables, `docs/marts.md`: grain, columns, types and meanings.

What a table and a column mean is written once, where it is made, and stands in the published
database; which table belongs to which subject, and what its key is, stands in dbt's manifest. After
a run, `python -m orchestration.report.dictionary` writes the file anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.published import open_published
from orchestration.settings import DBT_PROJECT, REPOSITORY, Settings

DICTIONARY = REPOSITORY / "docs" / "marts.md"
MANIFEST = DBT_PROJECT / "target" / "manifest.json"
"""dbt's own account of the project, as of the last run."""
SUBJECTS = {
    "core": "Core",
    "pipeline": "Pipeline",
    "functions": "Tables that take dates",
    "performance": "Performance",
    "marketing": "Marketing",
    "account": "Accounts",
    "forecast": "Forecast",
    "ops": "Operations",
}
INTRODUCTION = """\
# The published tables

What analysts and dashboards read in `published/salesops.duckdb`: schema `marts`, and schema `ops`
on how the data came about. Made by `make docs` from what the models say; change that, not this.

- `<object>_key` is the primary key of an object, `<source_system>:<id in that system>`.
- `<name>_amount` is in the reporting currency, `<name>_amount_original` in `currency_code`.
- Rates are from 0 to 1. A ratio with nothing below the line is NULL, never 0.
- `_at` is a UTC timestamp, `_date` a date in the business time zone. Quarters and years are fiscal.
- Everything is as of the day for which `dim_date` has `is_as_of_date`.
"""


@dataclass(frozen=True)
class Table:
    """A table, or a function that gives one; columns as (name, type, meaning)."""

    schema: str
    name: str
    subject: str
    meaning: str
    key: tuple[str, ...]
    parameters: tuple[str, ...] | None
    columns: tuple[tuple[str, str, str], ...]

    @property
    def text(self) -> str:
        """Its section of the dictionary."""
        lead = f"\nKey: {', '.join(f'`{column}`' for column in self.key)}.\n" if self.key else ""
        if self.parameters:
            lead = f"\nCall: `{self.schema}.{self.name}({', '.join(self.parameters)})`.\n"
        rows = "".join(
            f"| `{name}` | {kind.lower()} | {_cell(meaning)} |\n"
            for name, kind, meaning in self.columns
        )
        return (
            f"### `{self.schema}.{self.name}`\n\n{self.meaning}\n{lead}\n"
            f"| column | type | meaning |\n|---|---|---|\n{rows}"
        )


def dictionary(published: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> str:
    """The text of the dictionary.

    Args:
        published: The published database.
        manifest: dbt's manifest of the project that built it.
    """
    tables = sorted(_tables(published, manifest), key=lambda table: table.name)
    text = INTRODUCTION
    for subject, title in SUBJECTS.items():
        of_subject = [table for table in tables if table.subject == subject]
        links = " · ".join(f"[`{table.name}`](#{table.schema}{table.name})" for table in of_subject)
        text += f"\n## {title}\n\n{links}\n\n" + "\n".join(table.text for table in of_subject)
    return text


def _tables(published: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> Iterator[Table]:
    models = _described(manifest)
    keys = _keys(manifest)
    found = published.execute(
        """
        select schema_name, table_name, tables.comment,
            null as parameters,
            list((column_name, data_type, columns.comment) order by column_index)
        from duckdb_tables() as tables
        join duckdb_columns() as columns using (schema_name, table_name)
        group by all
        union all
        select schema_name, function_name, comment, parameters, null from duckdb_functions()
        where schema_name = 'marts'
        """
    ).fetchall()
    for schema, name, comment, parameters, columns in found:
        model = models.get(name, {"columns": {}})
        said = model["columns"]
        if columns is None:
            columns = [(column, told["data_type"], None) for column, told in said.items()]
        yield Table(
            schema,
            name,
            "ops" if schema == "ops" else model["fqn"][2],
            _line(comment or model.get("description", "")),
            keys.get(name, ()),
            tuple(parameters) if parameters else None,
            tuple(
                (column, kind, _line(meaning or said.get(column, {}).get("description", "")))
                for column, kind, meaning in columns
            ),
        )


def _described(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What the project says of marts and sources, by name."""
    nodes = (*manifest["nodes"].values(), *manifest["sources"].values())
    return {node["name"]: node for node in nodes if node["schema"] in ("marts", "ops")}


def _keys(manifest: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """The columns whose values no two rows of a model share, by name of the model."""
    keys: dict[str, tuple[str, ...]] = {}
    for node in manifest["nodes"].values():
        test = node.get("test_metadata")
        if not test or not node.get("attached_node", "").startswith("model."):
            continue
        model = node["attached_node"].split(".")[-1]
        if test["name"] == "unique_together":
            keys[model] = tuple(test["kwargs"]["columns"])
        elif test["name"] == "unique":
            keys.setdefault(model, (node["column_name"],))
    return keys


def _line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write `docs/marts.md` from the newest published version.

    Raises:
        NotPublishedError: nothing was published yet.
    """
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    with open_published(Settings()) as published:
        DICTIONARY.write_text(dictionary(published, manifest), encoding="utf-8")


if __name__ == "__main__":
    main()
