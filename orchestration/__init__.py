"""The Dagster code location: one folder a stage, in the order in which the data walks through."""
