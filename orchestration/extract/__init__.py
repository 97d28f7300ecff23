"""Vendor APIs -> files in landing. No connector is built in yet: extracts arrive as files."""
