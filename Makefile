# Needs only python3 (3.11 or later), pip and make; everything else goes into .venv.
PYTHON ?= python3
PORT ?= 8000
IAMIS_HOME ?= ./var

BIN := .venv/bin
CATALOGUES := shared/translations
LANGUAGES := cy
MO := $(patsubst %.po,%.mo,$(wildcard $(CATALOGUES)/*/LC_MESSAGES/messages.po))

# The lock file is made for the interpreter of .venv: never fetch another one.
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
# Some networks have a certificate of their own: pip trusts what the system trusts, and so shall uv.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt),)
export UV_SYSTEM_CERTS ?= true
endif

# $(call stage,NAME,COMMAND) runs one stage of the tests and says how long it took.
stage = @echo "== $(1)"; start=$$(date +%s); $(2) || exit 1; echo "== $(1): $$(($$(date +%s) - start)) s"

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install run lint test test-long test-compose bench site pictures messages asyncapi kubernetes clean system

help: ## Show what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: .venv/.dev $(MO) ## Install everything locked, and what the tests need of the system
	@deploy/install-system

# What a board would set (docs/configuration.md); of the demo, unless the environment says otherwise.
run: export IAMIS_HELPLINES ?= GCSE=gcse@board.example 029 2018 0101; GCE=gce@board.example 029 2018 0102; \
	ENTRY PATHWAYS=pathways@board.example 029 2018 0103; WELSH BACCALAUREATE=wbq@board.example 029 2018 0104
run: export IAMIS_HELPLINE_HOURS ?= 08:30-17:00
run: export IAMIS_MANUALS ?= WJEC=https://board.example/wjec/internal-assessment; \
	Eduqas=https://board.example/eduqas/internal-assessment
run: .venv/.runtime $(MO) ## Start the whole system here (PORT=8000 IAMIS_HOME=./var); Ctrl-C stops it
	@exec $(BIN)/iamis up --port "$(PORT)" --home "$(IAMIS_HOME)"

lint: .venv/.dev ## Check style, format, types and import contracts
	$(call stage,style,$(BIN)/ruff check)
	$(call stage,format,$(BIN)/ruff format --check)
	$(call stage,types,$(BIN)/mypy)
	$(call stage,import contracts,$(BIN)/lint-imports --no-logo)

test: system lint $(MO) ## Lint, then every test but the long ones
	$(call stage,tests,$(BIN)/pytest $(SHARED_OUT) -m "not long and not containers")
	$(call stage,tests on PostgreSQL,$(BIN)/pytest $(SUMMARY) --database postgresql $(SIDE_BY_SIDE))

# A process more than cores, for each waits a good deal, up to four (each has ports of its own); tests
# that share a system run in one (tests/conftest.py).
PROCESSES = $(shell $(PYTHON) -c 'import os; print(min(os.cpu_count() + 1, 4))')
SHARED_OUT = --numprocesses $(PROCESSES) --dist loadscope --durations 40 $(SUMMARY)
# Lists what went well only when it was tried again (tests/conftest.py), too: see to it.
SUMMARY = -r fER

# Those of one writer at a time say little about many: these are run again where there are many.
SIDE_BY_SIDE = tests/unit/*/test_*at_once.py tests/unit/sampling tests/unit/reports/test_any_order.py

# pytest exits with 5 where it found no test.
test-long: system .venv/.dev $(MO) ## The tests that take minutes each
	$(call stage,parts of the long tests,deploy/install-system --require long)
	$(call stage,services on PostgreSQL,$(BIN)/pytest $(SHARED_OUT) --database postgresql tests/unit)
	$(call stage,long tests,{ $(BIN)/pytest $(SHARED_OUT) -m long || { code=$$?; [ $$code -eq 5 ] && echo "There is no long test."; }; })

test-compose: .venv/.dev $(MO) ## Bring docker-compose.yml up on a Docker engine, and do the main job in it
	$(call stage,container parts,deploy/install-system --require containers)
	$(call stage,containers,$(BIN)/pytest -m containers -s)

bench: system .venv/.dev $(MO) ## Measure the real stack, or PARTS of it, and write docs/benchmarks.md
	$(BIN)/python -m tests.bench $(PARTS)

site: .venv/.dev ## Build the documentation site, strictly, in build/site/site
	$(BIN)/python -m deploy.site

pictures: system .venv/.dev $(MO) ## Take the pictures of the documents anew
	$(BIN)/python -m tests.pictures

messages: .venv/.dev ## Bring the translation catalogues up to date with the code
	$(BIN)/pybabel extract --mapping-file babel.cfg --sort-by-file --add-location file \
		--project IAMIS --output-file .venv/messages.pot .
	@for language in $(LANGUAGES); do \
		if [ -e $(CATALOGUES)/$$language/LC_MESSAGES/messages.po ]; \
		then command="update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date"; else command=init; fi; \
		$(BIN)/pybabel $$command --input-file .venv/messages.pot --output-dir $(CATALOGUES) \
			--locale $$language || exit 1; \
	done

kubernetes: .venv/.dev ## Write deploy/kubernetes/base from the services that there are
	$(BIN)/python -m deploy.kubernetes

asyncapi: .venv/.dev ## Write docs/asyncapi.yaml from the schemas of the events
	$(BIN)/python -m deploy.asyncapi

clean: ## Remove what can be made again; the data in IAMIS_HOME stays
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -f $(MO)
	find shared services deploy tests -name __pycache__ -prune -exec rm -rf {} +

system:
	$(call stage,system parts,deploy/install-system --require)

%.mo: %.po | .venv/.runtime
	$(BIN)/pybabel compile --input-file $< --output-file $@

# Debian ships venv without ensurepip, so the pip beside python3 fills the new environment.
.venv/.uv:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed")'
	$(PYTHON) -m venv --without-pip .venv
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check 'uv>=0.9'
	@touch $@

# --inexact keeps the tools of development when they are there.
.venv/.runtime: .venv/.uv pyproject.toml uv.lock
	$(BIN)/uv sync --locked --no-dev --inexact --compile-bytecode
	@touch $@

.venv/.dev: .venv/.uv pyproject.toml uv.lock
	$(BIN)/uv sync --locked --compile-bytecode
	@touch .venv/.runtime $@
