"""A made-up company whose extracts look like the real thing."""
