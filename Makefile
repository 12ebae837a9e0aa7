# Needs only python3 (3.11 or later), pip and make; everything else goes into .venv.
PYTHON ?= python3
PORT ?= 8000
IAMIS_HOME ?= ./var

BIN := .venv/bin
SOURCES := shared services tests

# The lock file is made for the interpreter of .venv: never fetch another one.
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv

.DEFAULT_GOAL := help
.PHONY: help install run clean

help: ## Show what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: .venv/.dev ## Install everything locked, with the tools of development

run: .venv/.runtime ## Start the whole system on this machine (PORT=8000 IAMIS_HOME=./var)
	@exec $(BIN)/iamis up --port "$(PORT)" --home "$(IAMIS_HOME)"

clean: ## Remove what can be made again; the data in IAMIS_HOME stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	find $(SOURCES) -name __pycache__ -prune -exec rm -rf {} +

# Debian ships venv without ensurepip, so the pip beside python3 fills the new environment.
.venv/.uv:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed")'
	$(PYTHON) -m venv --without-pip .venv
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check 'uv>=0.9'
	@touch $@

# --inexact keeps the tools of development when they are there.
.venv/.runtime: .venv/.uv pyproject.toml uv.lock
	$(BIN)/uv sync --locked --no-dev --inexact
	@touch $@

.venv/.dev: .venv/.uv pyproject.toml uv.lock
	$(BIN)/uv sync --locked
	@touch $@ .venv/.runtime
