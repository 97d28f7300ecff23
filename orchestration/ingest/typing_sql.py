"""Text -> typed rows: one SQL query that types a file's records and judges each.

The query has four layers. ``read`` holds the text as it stands in the file ('#0', '#1'...),
``cleaned`` the text without invisible dirt ('#amount'), ``typed`` the values ('amount'), ``judged``
whether a row keeps every rule. Reasons are put together only for rows that do not.
"""

from __future__ import annotations

from orchestration.contracts import SALESFORCE_ID, Contract, ContractField, FileFormat
from orchestration.ingest import sql
from orchestration.ingest.layout import Layout
from orchestration.ingest.records import READABLE, Records, raw_column
from orchestration.ingest.rules import repeated_header_rule, rules_of, unnamed_rule
from orchestration.ingest.values import text_column, typed_value
from orchestration.ingest.written import cleaned_text, raw_text

_SEPARATOR = "chr(31)"  # between the values that are hashed; no accepted value holds it


def typed_query(records: Records, contract: Contract, file_format: FileFormat) -> str:
    """SQL with one row per record.

    Its columns are the contract's, then ``_extra``, ``_row_hash``, ``_is_normalised``, and
    ``_reasons`` of a refused row: a list of ``rule``, its name, and ``reason``, why it is broken.

    Args:
        records: the file.
        contract: types and rules.
        file_format: how numbers, dates and times are written.
    """
    layout = records.layout
    present = [field for field in contract.fields if field.column in layout.sources]
    cleaned = [
        f"{cleaned_text(field, layout.sources[field.column], file_format)} as {text_column(field)}"
        for field in present
    ]
    typed = [f"{typed_value(field, file_format)} as {sql.name(field.column)}" for field in present]
    rules = [
        rule
        for field in present
        for rule in rules_of(
            field,
            raw_text(layout.sources[field.column]),
            file_format,
            has_control_characters=records.has_control_characters,
        )
    ]
    rules += [unnamed_rule(place) for place in layout.unnamed]
    columns = [
        sql.name(field.column)
        if field in present
        else f"cast(null as {field.type}) as {sql.name(field.column)}"
        for field in contract.fields
    ]
    extra = _extra(layout)
    reasons = ",\n".join(
        f"case when {rule.broken} then {_reason(rule.name, rule.reason)} end" for rule in rules
    )
    header_again = repeated_header_rule(layout.header)
    return f"""
        with read as ({records.select()}),
        cleaned as (select *, {", ".join(cleaned)}, {extra} as _extra from read),
        typed as (select *, {", ".join(typed)} from cleaned),
        judged as (
            select
                *,
                {records.problem} is not null
                or {" or ".join(f"coalesce({r.broken}, false)" for r in rules)} as _is_refused
            from typed
        )
        select
            {", ".join(columns)},
            _extra,
            {_row_hash(present)} as _row_hash,
            {_is_normalised(present, layout)} as _is_normalised,
            case
                when {records.problem} is not null
                    then [{_reason(READABLE, records.problem)}]
                when _is_refused and {header_again.broken}
                    then [{_reason(header_again.name, header_again.reason)}]
                when _is_refused then list_filter([{reasons}], lambda reason: reason is not null)
            end as _reasons
        from judged"""


def _reason(rule: str, text: str) -> str:
    return f"{{'rule': {sql.text(rule)}, 'reason': {text}}}"


def _extra(layout: Layout) -> str:
    """The values of unknown columns as JSON without empty ones; NULL when all are empty."""
    if not layout.unknown:
        return "cast(null as JSON)"
    pairs = ", ".join(
        f"{sql.text(n)}, clean_text({raw_column(place)})" for n, place in layout.unknown
    )
    return f"nullif(json_merge_patch('{{}}', json_object({pairs})), '{{}}')::JSON"


def _row_hash(present: list[ContractField]) -> str:
    """Digest of all values that are not NULL, in the order of their columns' names."""
    parts = [
        f"{sql.text(column + '=')} || {sql.name(column)}::VARCHAR"
        for column in sorted(field.column for field in present)
    ]
    return f"md5(concat_ws({_SEPARATOR}, {', '.join(parts)}, '_extra=' || _extra::VARCHAR))"


def _is_normalised(present: list[ContractField], layout: Layout) -> str:
    changes = []
    for field in present:
        kept = sql.name(field.column) if field.format == SALESFORCE_ID else text_column(field)
        changes.append(f"{raw_text(layout.sources[field.column])} <> {kept}")
    return " or ".join(f"coalesce({change}, false)" for change in changes)
