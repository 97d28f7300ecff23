"""Marts -> changes written back to the CRM. Nothing is written back yet."""
