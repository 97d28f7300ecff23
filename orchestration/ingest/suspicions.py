"""Texts that are loaded as they are, but look as if something went wrong before."""

from __future__ import annotations

import re

from duckdb import DuckDBPyConnection

from orchestration.contracts import SALESFORCE_ID, Contract
from orchestration.ingest import sql
from orchestration.ingest.staging import Staged

# What characters of two and of three bytes in UTF-8 become when they are read as cp1252.
_NEXT = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MOJIBAKE = re.compile(f"[ÂÃÄÅÐÑ]{_NEXT}|[à-ï]{_NEXT}{_NEXT}")
_LOST = re.compile("\ufffd")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SUSPICIONS = (
    (_MOJIBAKE, "look like UTF-8 that was read in another encoding (mojibake)"),
    (_LOST, "hold the replacement character U+FFFD: text was lost before it came here"),
    (_DIRECTION, "hold invisible characters that change the direction of text (bidi override)"),
)


def suspicious_texts(
    connection: DuckDBPyConnection, contract: Contract, staged: Staged
) -> list[str]:
    """Warnings about the staged texts, each with the number of rows and the first line."""
    texts = [f for f in contract.fields if f.type == "VARCHAR" and f.format != SALESFORCE_ID]
    if not texts:
        return []
    joined = f"concat_ws(' ', {', '.join(sql.name(f.column) for f in texts)})"
    rows = f"""(
        from (select _line_number as line, {joined} as texts from {staged.table})
        where strlen(texts) <> length(texts)
    )"""
    warnings = []
    for pattern, problem in _SUSPICIONS:
        found, first = connection.execute(
            f"""
            select count(*), min(line)
            from {rows}
            where regexp_matches(texts, ?)
            """,
            [pattern.pattern],
        ).fetchone() or (0, None)
        if found:
            warnings.append(f"texts of {found} rows {problem}; the first is in line {first}")
    return warnings
