"""Text -> typed rows: one SQL query that types a file's records and judges each.

The query has layers. ``read`` holds the text as it stands in the file ('#0', '#1'...), ``guessed``
and ``recognised`` which of the texts are canonical, ``cleaned`` the text without invisible dirt
('#amount'), ``typed`` the values ('amount'), ``judged`` whether a row keeps every rule. A canonical
text skips what it does not need, and reasons are put together only for refused rows.
"""

from __future__ import annotations

from orchestration.contracts import SALESFORCE_ID, Contract, ContractField, FileFormat
from orchestration.ingest import sql
from orchestration.ingest.canonical import (
    guess,
    guess_column,
    is_canonical,
    is_canonical_column,
    is_recognisable,
)
from orchestration.ingest.layout import Layout
from orchestration.ingest.records import READABLE, Records, raw_column
from orchestration.ingest.rules import repeated_header_rule, rules_of, unnamed_rule
from orchestration.ingest.values import text_column, typed_value
from orchestration.ingest.written import cleaned_text, raw_text


def typed_query(records: Records, contract: Contract, file_format: FileFormat) -> str:
    """SQL with one row per record.

    Its columns are the contract's, then ``_extra``, ``_is_normalised``, and ``_reasons`` of a
    refused row: a list of ``rule``, its name, and ``reason``, why it is broken.

    Args:
        records: the file.
        contract: types and rules.
        file_format: how numbers, dates and times are written.
    """
    layout = records.layout
    present = [field for field in contract.fields if field.column in layout.sources]
    sources = {field: layout.sources[field.column] for field in present}
    raw = {field: raw_text(source) for field, source in sources.items()}
    quick = [field for field in present if is_recognisable(field, sources[field], file_format)]

    def unless_canonical(field: ContractField, canonical: str, otherwise: str) -> str:
        if field not in quick:
            return otherwise
        return f"case when {is_canonical_column(field)} then {canonical} else {otherwise} end"

    guessed = [f"{guess(field, raw[field])} as {guess_column(field)}" for field in quick]
    recognised = [f"{is_canonical(f, raw[f])} as {is_canonical_column(f)}" for f in quick]
    cleaned = [
        f"{unless_canonical(field, raw[field], cleaned_text(field, source, file_format))}"
        f" as {text_column(field)}"
        for field, source in sources.items()
    ]
    typed = [
        f"{unless_canonical(field, guess_column(field), typed_value(field, file_format))}"
        f" as {sql.name(field.column)}"
        for field in present
    ]
    rules = [
        rule
        for field in present
        for rule in rules_of(
            field,
            raw[field],
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
        guessed as (select {", ".join(["*", *guessed])} from read),
        recognised as (select {", ".join(["*", *recognised])} from guessed),
        cleaned as (select *, {", ".join(cleaned)}, {extra} as _extra from recognised),
        typed as (select *, {", ".join(typed)} from cleaned),
        judged as (
            select
                *,
                {records.problem} is not null
                or coalesce({" or ".join(f"({rule.broken})" for rule in rules)}, false)
                    as _is_refused
            from typed
        )
        select
            {", ".join(columns)},
            _extra,
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


def _is_normalised(present: list[ContractField], layout: Layout) -> str:
    changes = []
    for field in present:
        kept = sql.name(field.column) if field.format == SALESFORCE_ID else text_column(field)
        changes.append(f"{raw_text(layout.sources[field.column])} <> {kept}")
    return f"coalesce({' or '.join(changes)}, false)"
