# The two commands are `make run` and `make test`; `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run setup setup-tests test test-long check bench lock migration
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest

help: ## List what can be made
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 20

run: setup ## Open the product, with a demonstration when it is new (PORT=8000, PROGRAMME_INSTANCE=instance)
	@exec $(BIN)/programme run

setup: ## Only the set-up: environment, libraries, system packages
	@sh scripts/setup.sh run

setup-tests: ## The set-up for tests, the browser included
	@sh scripts/setup.sh tests

test: setup-tests ## All tests but the long ones, on SQLite and PostgreSQL
	@$(PYTEST) -n 2 --dist worksteal -m "not long"

test-long: setup-tests ## What takes longer; its result is kept in docs/evidence.md
	@$(BIN)/python scripts/evidence.py

check: setup-tests ## Style, types, floors, templates, documents
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/djlint --quiet --check templates
	$(BIN)/python scripts/document.py --check

bench: setup-tests ## Measure, each figure as a ratio to a floor of the same run
	@$(BIN)/python -m bench

lock: ## Pin the newest dependencies that fit (needs uv)
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --upgrade --output-file requirements.lock
	uv pip compile pyproject.toml --group build --group test --group check --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --upgrade --output-file requirements-test.lock

migration: setup-tests ## Write a migration for changed tables: make migration NAME="what changed"
	@$(BIN)/python scripts/migration.py "$(NAME)"
