"""Checks of raw tables and marts, by Great Expectations."""
