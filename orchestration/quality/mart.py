"""A mart, to say what must be true of it."""

from __future__ import annotations

from orchestration.quality.check import (
    Check,
    Expectation,
    Severity,
    no_row_where,
    no_rows,
    not_null,
    unique_together,
)


class Mart:
    """One mart and its checks, which are added one after the other."""

    def __init__(self, table: str, *key_columns: str) -> None:
        self.table = table
        self.key_columns = key_columns
        self.checks: list[Check] = []

    def must(
        self,
        name: str,
        description: str,
        *expectations: Expectation,
        severity: Severity = "critical",
    ) -> None:
        """Add a check."""
        self.checks.append(
            Check("marts", self.table, name, description, severity, self.key_columns, expectations)
        )

    def never(self, condition: str, promise: str) -> Expectation:
        """No row meets the condition."""
        return no_row_where(condition, self.key_columns, promise)

    def must_have_keys(self) -> None:
        """Each row has a key of its own."""
        self.must(
            "keys_are_unique",
            "There is one row per key, and no row without one.",
            unique_together(self.key_columns),
            *map(not_null, self.key_columns),
        )

    def must_have_rows_of(self, *tables: str) -> None:
        """The mart is not empty when any of the tables that it is made from has rows."""
        loaded = " or ".join(f"exists (select 1 from {table})" for table in tables)
        self.must(
            "rows_are_there",
            "The mart has rows when what it is made from has.",
            no_rows(
                f"select 0 as row_count where ({loaded}) and not exists (select 1 from {{table}})",
                "there are rows",
            ),
        )

    def must_follow_without_gaps(self, object_key: str, deleted_in: str | None = None) -> None:
        """The versions of an object follow one another, each until the next begins.

        Args:
            object_key: Column that says which object a version is of.
            deleted_in: Mart that has the versions in which the object stood deleted.
        """
        columns = f"{object_key}, valid_from, valid_to"
        versions = f"select {columns} from {{table}}"
        if deleted_in:
            versions += f" union all select {columns} from marts.{deleted_in}"
        self.must(
            "versions_follow_without_gaps",
            "Each version of a record holds until the next begins.",
            self.never("valid_to <= valid_from", "a version begins before it ends"),
            no_rows(
                f"""
                select {columns}
                from ({versions})
                window versions as (partition by {object_key} order by valid_from)
                qualify
                    lead(valid_from) over versions is not null
                    and valid_to is distinct from lead(valid_from) over versions
                """,
                "a version ends when the next begins",
            ),
        )
