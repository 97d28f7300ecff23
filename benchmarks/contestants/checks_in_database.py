"""This project's checks of one raw table: ``python -m benchmarks.contestants.checks_in_database``.

Great Expectations runs them by SQL inside DuckDB. Prints how many expectations were judged.
"""

from __future__ import annotations

from benchmarks.loading import OBJECT
from orchestration.contracts import load_contracts
from orchestration.quality.suites import contract_checks
from orchestration.quality.validate import run_checks
from orchestration.settings import Settings
from orchestration.warehouse import read_warehouse


def main() -> None:
    """Run every check that the contract asks for.

    Raises:
        SystemExit: one that matters did not pass.
    """
    checks = contract_checks(load_contracts()[OBJECT])
    with read_warehouse(Settings()) as warehouse:
        results = run_checks(warehouse, checks)
    broken = [f"{result.check.name}: {result.details}" for result in results if result.blocks]
    if broken:
        raise SystemExit("\n".join(broken))
    print(sum(len(check.expectations) for check in checks))


if __name__ == "__main__":
    main()
