"""Tables that take arguments: the table macros of schema ``marts``, published as they are.

A macro is its text: what it reads is looked up where it is called, so it names schema and table,
but no database, and reads the published copy like any query of a reader.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from orchestration.publish.tables import literal, quoted

SCHEMA = "marts"


@dataclass(frozen=True)
class Function:
    """A table macro; ``definition`` is the query that it stands for.

    Two are equal when they are called and described alike: each storage version writes the same
    query in its own way.
    """

    name: str
    parameters: tuple[str, ...]
    definition: str = field(compare=False)
    comment: str | None

    @property
    def full_name(self) -> str:
        """Quoted name with its schema."""
        return f"{SCHEMA}.{quoted(self.name)}"

    def statements(self, database: str) -> str:
        """What makes it in an attached database."""
        target = f"{database}.{self.full_name}"
        parameters = ", ".join(map(quoted, self.parameters))
        making = f"create macro {target}({parameters}) as table {self.definition};"
        if self.comment is None:
            return making
        return f"{making} comment on macro table {target} is {literal(self.comment)};"


def list_functions(database: duckdb.DuckDBPyConnection) -> list[Function]:
    """The table macros of schema ``marts`` of the database that is open, in order of name."""
    found = database.execute(
        """
        select function_name, parameters, macro_definition, comment from duckdb_functions()
        where database_name = current_database() and schema_name = ?
            and function_type = 'table_macro'
        order by function_name
        """,
        [SCHEMA],
    ).fetchall()
    return [
        Function(name, tuple(parameters), definition, comment)
        for name, parameters, definition, comment in found
    ]


def try_out(reader: duckdb.DuckDBPyConnection, function: Function) -> None:
    """Plan a call of a function, without running it.

    Raises:
        duckdb.Error: it names something that the reader's database does not have.
    """
    arguments = ", ".join("null" for _ in function.parameters)
    reader.execute(f"describe from {function.full_name}({arguments})").fetchall()
