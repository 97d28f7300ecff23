"""All contracts, by source and object."""

from __future__ import annotations

from pathlib import Path

from orchestration.contracts.contract import Contract, ContractError
from orchestration.contracts.reading import SUFFIX, load_contract
from orchestration.settings import BUNDLED_CONTRACTS


def load_contracts(folder: Path = BUNDLED_CONTRACTS) -> dict[tuple[str, str], Contract]:
    """All contracts below ``folder``, by source and object, in the order of their names.

    Raises:
        ContractError: a file is no contract, or two name the same raw table.
    """
    contracts: dict[tuple[str, str], Contract] = {}
    tables: dict[tuple[str, str], Path] = {}
    for path in sorted(folder.glob(f"*/*{SUFFIX}")):
        contract = load_contract(path)
        other = tables.setdefault((contract.schema, contract.table), path)
        if other != path:
            raise ContractError(
                f"{path}: {other.name} already describes {contract.schema}.{contract.table}"
            )
        contracts[contract.source, contract.object] = contract
    return contracts
