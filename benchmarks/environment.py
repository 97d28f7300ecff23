"""The environment of contestants that nothing else needs: polars, SQLMesh, and matplotlib."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).with_name(".venv")
PYTHON = Path(os.environ.get("BENCHMARK_PYTHON") or FOLDER / "bin" / "python")
