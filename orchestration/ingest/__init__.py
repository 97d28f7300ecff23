"""Landing files -> raw tables, quarantine, load ledger."""
