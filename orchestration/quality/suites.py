"""Checks of a raw table, built from the contract of its object.

Loading keeps rows that break the contract in quarantine. These checks are the second look: they
find rows loaded under an earlier contract, and faults of the loading itself, before dbt builds on
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from orchestration.contracts import SALESFORCE_ID, Bound, Contract, ContractField
from orchestration.quality.check import (
    Check,
    Expectation,
    Severity,
    between,
    has_columns,
    length_between,
    no_row_where,
    no_rows,
    not_null,
    one_of,
)
from orchestration.quality.history import raw_history_check
from orchestration.quality.rhythm import rhythm_check

OWN_COLUMNS = ("_row_hash", "_first_extract_date", "_last_extract_date", "_file_name")
SALESFORCE_ID_LENGTH = 18  # loading makes ids of 15 characters longer


def contract_checks(contract: Contract) -> tuple[Check, ...]:
    """The checks of one object's raw table, structure first."""
    columns = [field.column for field in contract.fields]
    required = [field.column for field in contract.fields if field.required]
    keys = contract.key_columns
    values = [e for field in contract.fields for e in _value_expectations(field, keys)]

    def check(
        name: str, description: str, *expectations: Expectation, severity: Severity = "critical"
    ) -> Check:
        return Check(
            contract.schema, contract.table, name, description, severity, keys, expectations
        )

    checks = [
        check(
            "columns_are_there",
            "The table has every column of its contract.",
            has_columns([*columns, *OWN_COLUMNS]),
        ),
        check(
            "versions_are_whole",
            "Each version of a record is there once, and says where and when it was seen.",
            no_rows(_repeated_versions(keys), "its key and content are there once", of_rows=True),
            *(not_null(column) for column in OWN_COLUMNS if column != "_row_hash"),
            no_row_where(
                "_first_extract_date > _last_extract_date", keys, "it is first seen, then last"
            ),
        ),
        check(
            "rows_agree_with_the_ledger",
            "The table has as many rows as the load ledger counts as new or changed.",
            no_rows(_ledger_difference(contract), "its number of rows is the ledger's"),
        ),
        check(
            "required_values_are_there",
            "No row lacks a value that its contract requires.",
            *map(not_null, required),
        ),
    ]
    if values:
        checks.append(
            check(
                "values_keep_the_contract",
                "Values have the length, range and form that the contract states.",
                *values,
            )
        )
    checks += [
        check(
            f"{field.column}_is_of_one_record",
            f"No two records ever had the same {field.column}.",
            no_rows(_shared_values(field, keys), f"{field.column} is of one record"),
            severity="warning",
        )
        for field in contract.fields
        if field.unique and (field.column,) != keys
    ]
    checks += [
        check(
            rule.name,
            rule.description,
            no_row_where(f"({rule.condition})", keys, rule.description),
            severity=rule.severity,
        )
        for rule in contract.quality_rules
    ]
    return (*checks, raw_history_check(contract), rhythm_check(contract))


def _repeated_versions(keys: Sequence[str]) -> str:
    """Versions that are there twice. Digests are computed when asked for: few keys have several."""
    columns = ", ".join(f'"{key}"' for key in keys)
    return f"""
        select {columns}, _row_hash from {{table}}
        where ({columns}) in (
            select {columns} from {{table}} group by {columns} having count(*) > 1
        )
        group by {columns}, _row_hash
        having count(*) > 1
    """


def _value_expectations(field: ContractField, keys: tuple[str, ...]) -> Iterator[Expectation]:
    if field.accepted_values:
        yield one_of(field.column, field.accepted_values)
    if field.minimum is not None or field.maximum is not None:
        yield between(field.column, _plain(field.minimum), _plain(field.maximum))
    if field.min_length is not None or field.max_length is not None:
        yield length_between(field.column, field.min_length, field.max_length)
    if field.format == SALESFORCE_ID:
        yield length_between(field.column, SALESFORCE_ID_LENGTH, SALESFORCE_ID_LENGTH)
    if field.pattern is not None:  # Great Expectations has no regular expressions for DuckDB
        pattern = field.pattern.replace("'", "''")
        yield no_row_where(
            f"not regexp_full_match(\"{field.column}\", '{pattern}')",
            keys,
            f"{field.column} has the form {field.pattern}",
        )


def _plain(bound: Bound | None) -> object:
    """The bound as Great Expectations takes it: it knows no decimals."""
    if isinstance(bound, Decimal):
        return int(bound) if bound == int(bound) else float(bound)
    return bound


def _ledger_difference(contract: Contract) -> str:
    return f"""
        select loaded.row_count, counted.row_count as ledger_row_count
        from (select count(*) as row_count from {{table}}) as loaded
        cross join (
            select coalesce(sum(rows_new + rows_changed), 0) as row_count
            from ops.load_ledger
            where status = 'loaded'
                and source = '{contract.source}' and object = '{contract.object}'
        ) as counted
        where loaded.row_count <> counted.row_count
    """


def _shared_values(field: ContractField, keys: tuple[str, ...]) -> str:
    record = ", ".join(f'"{key}"' for key in keys)
    return f"""
        select min(struct_pack({record})) as one, max(struct_pack({record})) as other
        from {{table}}
        where "{field.column}" is not null
        group by "{field.column}"
        having count(distinct struct_pack({record})) > 1
    """
