"""All contracts, by source and object: those that come with the project, and the user's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.contracts.contract import Contract, ContractError
from orchestration.contracts.reading import SUFFIX, load_contract
from orchestration.settings import BUNDLED_CONTRACTS, Settings

Contracts = dict[tuple[str, str], Contract]


@dataclass(frozen=True)
class Catalog:
    """Every contract that can be used, and what is wrong with the others."""

    contracts: Contracts  # in the order of their names
    problems: tuple[ContractError, ...]


def load_contracts(settings: Settings | None = None) -> Contracts:
    """All contracts by source and object, in the order of their names.

    A contract in the folder ``SALESOPS_CONTRACTS`` goes before the bundled one of its object.

    Args:
        settings: where the user's own contracts are; unset, as the environment says.

    Raises:
        ContractError: contracts are wrong; the message names each.
    """
    catalog = read_catalog(settings or Settings())
    if catalog.problems:
        raise ContractError("\n".join(map(str, catalog.problems)))
    return catalog.contracts


def read_catalog(settings: Settings) -> Catalog:
    """Read every contract, and judge each of them whatever is wrong with others."""
    problems: list[ContractError] = []
    contracts = _contracts_in(BUNDLED_CONTRACTS, problems)
    if settings.contracts:
        for place, own in _contracts_in(settings.contracts.resolve(), problems).items():
            try:
                _check_replacement(own, contracts.get(place))
            except ContractError as error:
                problems.append(error)
            else:
                contracts[place] = own
    tables: dict[tuple[str, str], Contract] = {}
    for contract in contracts.values():
        other = tables.setdefault((contract.schema, contract.table), contract)
        if other is not contract:
            problems.append(
                ContractError(
                    f"{contract.path}: {other.path.name} already describes"
                    f" {contract.schema}.{contract.table}; rename the object or keep one of them"
                )
            )
    return Catalog(dict(sorted(contracts.items())), tuple(problems))


def _contracts_in(folder: Path, problems: list[ContractError]) -> Contracts:
    contracts: Contracts = {}
    if not folder.is_dir():
        problems.append(
            ContractError(
                f"{folder}: is no folder, though SALESOPS_CONTRACTS names it as that of your own"
                f" contracts, <source>/<object>{SUFFIX}"
            )
        )
    for path in _files_in(folder):
        try:
            if path.parent.parent != folder or not path.name.endswith(SUFFIX):
                raise ContractError(
                    f"{path}: is not read, because contracts lie in <source>/<object>{SUFFIX}"
                    f" below {folder}; rename it, or take it away"
                )
            contract = load_contract(path)
            contracts[contract.source, contract.object] = contract
        except ContractError as error:
            problems.append(error)
    return contracts


def _files_in(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".yaml", ".yml") and not path.name.startswith((".", "_")):
            yield path


def _check_replacement(own: Contract, bundled: Contract | None) -> None:
    """A contract that replaces a bundled one keeps its columns, which models read."""
    if bundled is None:
        return
    if own.key_columns != bundled.key_columns:
        raise ContractError(
            f"{own.path}: its key is {', '.join(own.key_columns)}, but models read this object by"
            f" {', '.join(bundled.key_columns)}; keep that key"
        )
    for field in bundled.fields:
        kept = own.by_column.get(field.column)
        if kept is None or kept.type != field.type:
            raise ContractError(
                f"{own.path}: models read the column {field.column} of this object as"
                f" {field.type}; keep that property as {bundled.path} has it"
            )
