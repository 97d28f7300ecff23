"""The models' lineage reads from left to right: raw tables, staging, intermediate, marts."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from orchestration.transform.project import prepare_manifest

LAYERS = ("raw", "staging", "intermediate", "marts", "operations")
# Worked out of the ledger alone, and read by every layer: which date the figures are true for.
AS_OF_DATE = "int_as_of_date"
CRMS = ("salesforce", "hubspot")
SUBJECTS = (
    "account", "activity", "currency", "opportunity", "people", "performance", "pipeline", "quota",
    "stage",
)  # fmt: skip


@dataclass(frozen=True)
class Model:
    """A model of the project: its folders, and what it reads."""

    name: str
    folders: list[str]
    reads: list[str]

    @property
    def layer(self) -> str:
        return self.folders[0]


@pytest.fixture(scope="module")
def models() -> dict[str, Model]:
    """Models by their unique id."""
    nodes = json.loads(prepare_manifest().read_text(encoding="utf-8"))["nodes"]
    return {
        key: Model(node["name"], node["fqn"][1:-1], node["depends_on"]["nodes"])
        for key, node in nodes.items()
        if node["resource_type"] == "model"
    }


def test_no_model_reads_a_layer_to_its_right(models):
    for model in models.values():
        for key in model.reads:
            read = models.get(key)
            layer = read.layer if read else "raw"
            if not read or read.name != AS_OF_DATE:
                assert LAYERS.index(layer) <= LAYERS.index(model.layer), f"{model.name} reads {key}"


def test_only_staging_reads_raw_tables(models):
    for model in models.values():
        if model.layer != "staging" and model.name != AS_OF_DATE:
            assert not [key for key in model.reads if ".raw_" in key], model.name


def test_the_records_of_the_crms_meet_in_one_model_of_each_subject(models):
    """What follows reads that one, so that a further CRM changes nothing but the unions."""
    for model in models.values():
        if model.layer == "intermediate" and model.folders[-1] in SUBJECTS:
            of_crms = [
                read.name
                for key in model.reads
                if (read := models.get(key)) and read.folders[-1] in CRMS
            ]
            assert not of_crms or model.name.endswith("_unioned"), f"{model.name} reads {of_crms}"


def test_a_model_lies_in_the_folder_that_its_name_says(models):
    prefixes = {
        "staging": ("stg_",),
        "intermediate": ("int_",),
        "marts": ("dim_", "fct_", "mart_"),
    }
    for model in models.values():
        # Functions have the names by which a reader calls them, operations those of their tables.
        if "functions" not in model.folders and model.layer in prefixes:
            assert model.name.startswith(prefixes[model.layer]), model.name
