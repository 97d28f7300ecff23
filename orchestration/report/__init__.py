"""Published database -> what people read."""
