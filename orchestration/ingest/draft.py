"""A contract drafted from an extract: what its header and first records suggest.

A draft is a proposal. What cannot be seen in a file, such as what a column means or whether a date
has the day or the month first, is supposed and said in a comment, for the reader to decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from orchestration.contracts import snake_case
from orchestration.ingest.glance import Glance, glance_at

_MARKS = ((".", None), (".", ","), (",", None), (",", "."), (",", " "))  # decimal, thousands
_CLOCK = r"[T ]\d{2}:\d{2}(:\d{2}([.]\d{1,6})?)?"
_OFFSET = r" ?(Z|[+-]\d{2}:?(\d{2})?)"
_DATE = r"(\d{4}-\d{2}-\d{2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})"
_IDENTIFIES = re.compile(r"(^|_)(id|key|code|no|nr|number|uuid)$")
_PERSONAL = re.compile(
    r"(^|_)(e_?mail\w*|\w*phone|mobile|fax|(first|last|middle|full|owner|employee|agent|person)"
    r"_?name|\w*street|address|postal_?code|zip|birth_?date)$"
)


def draft_contract(path: Path, source: str, object_name: str) -> str:
    """A contract for an extract, as the text of its file.

    Args:
        path: the extract.
        source: the folder of its contract and in landing.
        object_name: the vendor's name of the object.

    Raises:
        RejectedFileError: the file cannot be read.
    """
    glance = glance_at(path)
    columns = [[record[place] for record in glance.records] for place in range(len(glance.header))]
    named = [(name, values) for name, values in zip(glance.header, columns, strict=True) if name]
    _settle_numbers(glance, columns)
    _settle_dates(glance, columns)
    properties = [_property(name, values, glance.options) for name, values in named]
    _choose_key(properties, [values for _, values in named], glance.doubts)
    document = {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": f"{source}-{object_name}".lower().replace("_", "-"),
        "name": f"{source} {object_name}",
        "version": "1.0.0",
        "status": "draft",
        "customProperties": [
            {"property": name, "value": value}
            for name, value in {"extract_mode": "incremental", **glance.options}.items()
        ],
        "schema": [
            {
                "name": object_name,
                "physicalName": f"raw_{source}.{snake_case(object_name)}",
                "logicalType": "object",
                "description": f"Extracts of {object_name}.",
                "properties": properties,
            }
        ],
    }
    head = [
        f"Drafted from {path.name}, by its first {len(glance.records)} records.",
        "Say in the descriptions what the columns mean, mark what is required, and check:",
        *(f"- {doubt}" for doubt in glance.doubts),
        "- extract_mode: incremental, unless each extract holds all records (full)",
    ]
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    return "".join(f"# {line}\n" for line in head) + text


def _settle_numbers(glance: Glance, columns: Iterable[Sequence[str]]) -> None:
    """Choose the marks of numbers by which most columns are numbers."""
    columns = list(columns)
    decimal, thousands = max(
        _MARKS, key=lambda marks: sum(_all_match(c, _number(*marks)) for c in columns)
    )
    if decimal != ".":
        glance.options["decimal_mark"] = decimal
    if thousands:
        glance.options["thousands_mark"] = thousands


def _settle_dates(glance: Glance, columns: Iterable[Sequence[str]]) -> None:
    """Find out whether days or months come first, and whether times need a zone."""
    moments = [c for c in columns if _all_match(c, rf"{_DATE}({_CLOCK}({_OFFSET})?)?")]
    texts = [text for column in moments for text in column if text]
    firsts = [int(part) for text in texts for part in re.findall(r"^(\d{1,2})[-/.]", text)]
    seconds = [int(part) for text in texts for part in re.findall(r"^\d{1,2}[-/.](\d{1,2})", text)]
    if firsts:
        is_month_first = max(seconds) > 12
        glance.options["date_order"] = "mdy" if is_month_first else "dmy"
        if max(firsts) <= 12 and not is_month_first:
            glance.doubts.append("date_order: dmy is supposed, but the dates fit mdy as well")
    if any(re.fullmatch(_DATE + _CLOCK, text) for text in texts):
        glance.options["timezone"] = "UTC"
        glance.doubts.append("timezone: times have no offset; UTC is supposed")


def _property(name: str, values: Sequence[str], options: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name}
    column = re.sub(r"\W+", "_", snake_case(name)).strip("_").lower()
    column = re.sub(r"[^a-z0-9_]", "", column)
    if not re.match("[a-z]", column):
        column = f"column_{column}".rstrip("_")
    if column != snake_case(name):
        found["physicalName"] = column
    found |= _type(column, values, options)
    found["description"] = f"{name}, as the source writes it."
    if _PERSONAL.search(column) or any("@" in value for value in values):
        found["classification"] = "pii"
    return found


def _type(column: str, values: Sequence[str], options: dict[str, Any]) -> dict[str, Any]:
    marks = options.get("decimal_mark", "."), options.get("thousands_mark")
    whole, number = _number(*marks, decimals=False), _number(*marks)
    if _all_match(values, r"(?i)true|false"):
        return {"logicalType": "boolean"}
    if _all_match(values, _DATE):
        return {"logicalType": "date"}
    if _all_match(values, rf"{_DATE}({_CLOCK}({_OFFSET})?)?"):
        return {"logicalType": "timestamp"}
    is_code = any(re.match(r"-?0\d|-?\d{19}", value) for value in values)
    if is_code or _IDENTIFIES.search(column) or not _all_match(values, number):
        return {"logicalType": "string"}
    if _all_match(values, whole):
        return {"logicalType": "integer"}
    decimals = max(len(value.rpartition(marks[0])[2]) for value in values if marks[0] in value)
    return {"logicalType": "number", "physicalType": f"DECIMAL(18,{max(decimals, 2)})"}


def _choose_key(
    properties: Sequence[dict[str, Any]], columns: Sequence[Sequence[str]], doubts: list[str]
) -> None:
    """Mark the key where one column is named like an id, filled, and never the same twice."""

    def identifies(values: Sequence[str]) -> bool:
        return bool(values) and all(values) and len(set(values)) == len(values)

    unique = [p for p, values in zip(properties, columns, strict=True) if identifies(values)]
    named = [p for p in unique if _IDENTIFIES.search(p.get("physicalName", snake_case(p["name"])))]
    if len(named) == 1:
        named[0] |= {"primaryKey": True, "primaryKeyPosition": 1, "required": True}
        doubts.append(f"key: '{named[0]['name']}' is supposed to identify a record")
        return
    candidates = ", ".join(f"'{p['name']}'" for p in named or unique)
    hint = f"; each value is there once in {candidates}" if candidates else ""
    doubts.append(
        "key: it is not evident. Give the properties that identify a record 'primaryKey: true',"
        f" 'primaryKeyPosition' and 'required: true'{hint}"
    )


def _number(decimal: str, thousands: str | None, *, decimals: bool = True) -> str:
    digits = rf"(\d+|\d{{1,3}}({re.escape(thousands)}\d{{3}})+)" if thousands else r"\d+"
    fraction = rf"({re.escape(decimal)}\d+)?" if decimals else ""
    return rf"[+-]?{digits}{fraction}"


def _all_match(values: Sequence[str], pattern: str) -> bool:
    """Whether there are values, and each fits."""
    fits: Callable[[str], object] = re.compile(pattern).fullmatch
    filled = [value for value in values if value]
    return bool(filled) and all(map(fits, filled))
