# Every target explains itself: `make help`.
.DEFAULT_GOAL := help
.PHONY: help install run test faults docs dev dashboard screenshots lint format lock bench bench-lock clean

PYTHON ?= python3.11
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 3000
SCALE ?= 0.1
ROUNDS ?= 1

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | while IFS='|' read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

install: .venv/installed  ## make .venv from requirements.lock and prepare the dbt manifest

.venv/installed: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "salesops needs Python 3.11 or later; say where it is: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -c "from orchestration.transform.project import prepare_manifest; prepare_manifest()"
	@touch $@

run: install  ## take the sample company from its extracts to published marts and a forecast
	$(BIN)/salesops demo

test: install  ## run the whole test suite; the dashboard's tests need Chromium
	@$(BIN)/python -m tests.browser
	$(BIN)/pytest

faults: install  ## kill, fill, damage and cut off everything as often as docs/reliability.md says
	$(BIN)/pytest --full tests/faults tests/end_to_end/test_broken_data.py tests/integration/ingest \
		tests/integration/quality/test_blocking.py

docs: install  ## write docs/marts.md anew from the newest published version (after `make run`)
	$(BIN)/python -m orchestration.report.dictionary

dev: install  ## open Dagster (webserver and daemon) on 127.0.0.1:3000
	$(BIN)/salesops dev --host $(HOST) --port $(PORT)

dashboard: install  ## open the dashboard on 127.0.0.1:8501 (after `make run`)
	$(BIN)/salesops open

screenshots: install  ## take the pictures of dashboard and reports in docs/images anew (after `make run`)
	@$(BIN)/python -m tests.browser
	$(BIN)/python -m tests.screenshots

lint: install  ## check style, types and SQL; change nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 0 dbt_project/models dbt_project/tests dbt_project/analyses

format: install  ## put Python and SQL into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix dbt_project/models dbt_project/tests dbt_project/analyses

lock:  ## resolve pyproject.toml anew into requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra dev --extra metrics --extra dashboard --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --output-file requirements.lock --quiet

bench: install benchmarks/.venv/installed  ## compare speed with a floor and others: make bench SCALE=1 ROUNDS=5 RACES="build marts"
	$(BIN)/python -m benchmarks --scale $(SCALE) --rounds $(ROUNDS) $(if $(RACES),--races $(RACES)) \
		$(if $(CHANGE_SCALES),--change-scales $(CHANGE_SCALES)) $(if $(ROWS),--rows $(ROWS))

benchmarks/.venv/installed: benchmarks/requirements.lock
	$(PYTHON) -m venv benchmarks/.venv
	benchmarks/.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r benchmarks/requirements.lock
	@touch $@

bench-lock:  ## resolve benchmarks/requirements.in anew into its lock (needs uv)
	uv pip compile benchmarks/requirements.in --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make bench-lock" --output-file benchmarks/requirements.lock --quiet

clean:  ## remove what runs made: landing, warehouse, published files, reports
	rm -rf data/landing data/warehouse data/published data/reports data/dagster data/alerts.json
