"""Pages over the published database."""
