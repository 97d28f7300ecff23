"""Audited warehouse -> published database and Parquet files."""
