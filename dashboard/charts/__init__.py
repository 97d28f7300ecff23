"""How the pages draw what the queries found; each function makes one kind of chart."""
