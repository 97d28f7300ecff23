"""What an extract must look like: the data contracts, read once and seen alike by every stage.

A contract is one file ``<source>/<object>.odcs.yaml`` in the Open Data Contract Standard v3.
Ingest types and judges rows by it, quality builds its suites from it.
"""

from orchestration.contracts.catalog import Catalog, Contracts, load_contracts, read_catalog
from orchestration.contracts.contract import (
    SALESFORCE_ID,
    Bound,
    Contract,
    ContractError,
    ContractField,
    HeaderAlias,
    QualityRule,
    folded_name,
    snake_case,
)
from orchestration.contracts.file_format import ExtractMode, FileFormat, Form, explain
from orchestration.contracts.reading import check_place, load_contract

__all__ = [
    "SALESFORCE_ID",
    "Bound",
    "Catalog",
    "Contract",
    "ContractError",
    "ContractField",
    "Contracts",
    "ExtractMode",
    "FileFormat",
    "Form",
    "HeaderAlias",
    "QualityRule",
    "check_place",
    "explain",
    "folded_name",
    "load_contract",
    "load_contracts",
    "read_catalog",
    "snake_case",
]
