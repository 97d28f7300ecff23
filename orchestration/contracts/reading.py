"""A contract file -> a contract, or a refusal that says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
)
from pydantic import BaseModel, ValidationError

from orchestration.contracts.columns import column_of, custom, described
from orchestration.contracts.contract import (
    Contract,
    ContractError,
    ContractField,
    QualityRule,
    folded_name,
)
from orchestration.contracts.file_format import FileFormat, explain

SUFFIX = ".odcs.yaml"
OBJECT_PROPERTIES = (
    "watermark",
    "watermark_may_be_missing",
    "amount",
    "currency",
    "deletion_mark",
    *FileFormat.model_fields,
)


class _Loader(yaml.CSafeLoader):
    """YAML in which no key of a mapping may come twice: the first one would be lost unseen."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        if twins := {key for key in keys if isinstance(key, str) and keys.count(key) > 1}:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key '{min(twins)}' comes twice", node.start_mark
            )
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


def load_contract(path: Path) -> Contract:
    """The contract in ``path``, whose folder is the source and whose name is the object.

    Raises:
        ContractError: the file is no valid contract.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContractError(f"{path}: is no Open Data Contract: {error}") from error
    return _read(text, path)


@lru_cache(maxsize=256)
def _read(text: str, path: Path) -> Contract:
    """The contract that a text is; one that is read again is not parsed again."""
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506
        document = OpenDataContractStandard.model_validate(content)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise ContractError(f"{path}: is no Open Data Contract: {'; '.join(problems)}") from error
    except yaml.YAMLError as error:
        raise ContractError(f"{path}: is no Open Data Contract: {error}") from error
    try:
        _check_keys(content)
        return _contract(document, path)
    except ValueError as error:
        raise ContractError(f"{path}: {error}") from error


def _check_keys(content: Mapping[str, Any]) -> None:
    """No key of an object, a property or a rule is misspelt and thereby without effect."""

    def check(mapping: Mapping[str, Any], model: type[BaseModel], where: str) -> None:
        if unknown := sorted(set(mapping) - set(model.model_fields)):
            raise ValueError(
                f"{where}: '{unknown[0]}' is no key of the standard; known are"
                f" {', '.join(model.model_fields)}"
            )
        for entry in mapping.get("customProperties") or []:
            check(entry, CustomProperty, f"{where}: customProperties")

    check({"customProperties": content.get("customProperties")}, SchemaObject, "contract")
    for schema in content.get("schema") or []:
        check(schema, SchemaObject, f"'{schema.get('name')}'")
        for prop in schema.get("properties") or []:
            check(prop, SchemaProperty, f"property '{prop.get('name')}'")
        for rule in schema.get("quality") or []:
            check(rule, DataQuality, f"quality rule '{rule.get('name')}'")


def check_place(source: str, name: str) -> None:
    """Whether source and object can be parts of the names of tables.

    Raises:
        ValueError: one cannot; the message says what to rename.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", source):
        raise ValueError(
            f"the folder '{source}' names the source, which is part of the names of tables:"
            " rename it, in small letters, digits and '_', such as 'help_desk'"
        )
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise ValueError(
            f"'{name}' names the object, which is the name of a table: rename the folder in"
            " landing and the contract, in letters, digits and '_', such as 'tickets'"
        )


def _contract(document: OpenDataContractStandard, path: Path) -> Contract:
    source, name = path.parent.name, path.name.removesuffix(SUFFIX)
    check_place(source, name)
    schemas = document.schema_ or []
    if len(schemas) != 1 or schemas[0].name != name:
        raise ValueError(f"must describe exactly one object, named '{name}' like the file")
    schema = schemas[0]
    fields = _in_key_order(schema)
    _check_names(fields)
    _check_references(fields)
    if not any(field.key for field in fields):
        raise ValueError("no property has 'primaryKey: true'; name what identifies a record")
    options = custom(document.customProperties, OBJECT_PROPERTIES)
    watermark = options.pop("watermark", None)
    may_be_missing = options.pop("watermark_may_be_missing", False)
    if type(may_be_missing) is not bool:
        raise ValueError("'watermark_may_be_missing' is true or false")
    named = {name: options.pop(name, None) for name in ("amount", "currency")}
    money = {k: _column_named(v, fields, f"'{k}'") if v else None for k, v in named.items()}
    contract = Contract(
        source=source,
        object=name,
        description=_described(name, schema.description),
        fields=fields,
        watermark=_column_named(watermark, fields, "watermark") if watermark else None,
        requires_watermark=not may_be_missing,
        amount=money["amount"],
        currency=money["currency"],
        deletion_mark=_deletion_mark(options.pop("deletion_mark", None), fields),
        format=_format(options, fields),
        quality_rules=_rules(schema),
        path=path,
    )
    table = f"{contract.schema}.{contract.table}"
    if schema.physicalName not in (None, table):
        raise ValueError(f"physicalName '{schema.physicalName}': the table is {table}")
    custom(schema.customProperties, ())
    return contract


def _in_key_order(schema: SchemaObject) -> tuple[ContractField, ...]:
    """The fields as listed, but those of the key first and in its order."""
    properties = schema.properties or []
    columns = {id(p): column_of(p) for p in properties}
    key = [p for p in properties if p.primaryKey]
    places = [p.primaryKeyPosition for p in key]
    if len(key) > 1 and sorted(place or 0 for place in places) != list(range(1, len(key) + 1)):
        raise ValueError(f"the primaryKeyPosition of the key are {places}; number them from 1 on")
    key.sort(key=lambda p: p.primaryKeyPosition or 0)
    return tuple(columns[id(p)] for p in [*key, *(p for p in properties if not p.primaryKey)])


def _check_names(fields: Iterable[ContractField]) -> None:
    """No header name may mean two columns."""
    seen: dict[str, str] = {}
    for field in fields:
        for name in {folded_name(name) for name in field.header_names}:
            if seen.setdefault(name, field.name) != field.name:
                raise ValueError(f"'{name}' may mean '{seen[name]}' or '{field.name}'")


def _check_references(fields: tuple[ContractField, ...]) -> None:
    """What an alias tells, and what stands in for a column, are columns."""
    for field in fields:
        for alias in field.aliases:
            if alias.told:
                _column_named(alias.told, fields, f"an alias of '{field.name}'")
        if field.when_missing and field.when_missing.column:
            _column_named(field.when_missing.column, fields, f"'when_missing' of '{field.name}'")


def _column_named(name: str, fields: Iterable[ContractField], where: str) -> str:
    found = next((field.column for field in fields if field.name == name), None)
    if found is None:
        raise ValueError(f"{where} names '{name}', which is no property")
    return found


def _deletion_mark(name: Any, fields: Iterable[ContractField]) -> str | None:
    if name is None:
        return None
    if not isinstance(name, str) or not name.strip():
        raise ValueError("'deletion_mark' is the name of a column, such as '_fivetran_deleted'")
    if any(folded_name(name) in map(folded_name, field.header_names) for field in fields):
        raise ValueError(f"'deletion_mark': '{name}' is a property, whose meaning models know")
    return name


def _format(options: Mapping[str, Any], fields: Iterable[ContractField]) -> FileFormat:
    try:
        declared = FileFormat.model_validate(options)
    except ValidationError as error:
        raise ValueError(f"customProperties: {explain(error, FileFormat)}") from error
    fields = tuple(fields)
    names = {folded_name(name) for field in fields for name in field.header_names}
    for form in declared.forms:
        for name in form.header:
            if folded_name(name) not in names:
                raise ValueError(f"form '{form.name}': '{name}' is no name of a property")
    for variant in (declared, *map(declared.in_form, declared.forms)):
        for name in variant.total_blank:
            _column_named(name, fields, "'total_blank'")
    return declared


def _rules(schema: SchemaObject) -> tuple[QualityRule, ...]:
    rules = tuple(_rule(rule) for rule in schema.quality or [])
    names = [rule.name for rule in rules]
    if twins := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two quality rules are named '{min(twins)}'")
    return rules


def _rule(rule: DataQuality) -> QualityRule:
    found = re.fullmatch(
        r"select count\(\*\) from \{object\} where (.+)", (rule.query or "").strip(), re.S
    )
    if rule.type != "sql" or not rule.name or not found or rule.mustBe != 0:
        raise ValueError(
            f"quality rule '{rule.name}': must have a name, 'type: sql', a query of the form"
            " 'select count(*) from {object} where <a row breaks the rule>' and 'mustBe: 0'"
        )
    if rule.severity not in ("critical", "warning"):
        raise ValueError(f"quality rule '{rule.name}': severity must be 'critical' or 'warning'")
    severity: Literal["critical", "warning"] = (
        "critical" if rule.severity == "critical" else "warning"
    )
    return QualityRule(
        rule.name, _described(rule.name, rule.description), severity, found[1].strip()
    )


def _described(name: str, text: str | None) -> str:
    try:
        return described(text)
    except ValueError as error:
        raise ValueError(f"'{name}' {error}") from error
