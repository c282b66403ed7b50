# Two commands are enough: `make run` and `make test`. `make help` tells the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check
NPM_CI := npm ci --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null

# What the browser's files are built from.
PWA_SOURCES := $(shell find pwa -type f \( -name '*.css' -o -name '*.js' -o -name '*.mjs' -o -name '*.svg' -o -name '*.png' \
  -o -name '*.html' -o -name '*.po' -o -name '*.json' -o -name '*.webmanifest' \) -not -path 'pwa/node_modules/*' -not -path 'pwa/build/*' 2>/dev/null)

.PHONY: help run test check bench faults lock clean format browser clamav tools

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run-installed pwa/build/.built ## everything on this machine, with demo citizens: http://localhost:8000
	@exec $(BIN)/innsyn demo

test: $(VENV)/.test-installed pwa/build/.built e2e/node_modules/.installed browser clamav ## every test, in a real database and a real browser
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(VENV)/.test-installed ## format, lint, types, import contracts, templates, migrations, locks
	@infra/make/check.sh

bench: $(VENV)/.test-installed pwa/build/.built e2e/node_modules/.installed browser ## the figures, goal beside figure
	@$(BIN)/python -m tests.bench $(ARGS)

faults: $(VENV)/.test-installed pwa/build/.built e2e/node_modules/.installed browser ## kill, cut off and fill up everything, at full size: nothing may be lost
	@$(BIN)/python -m tests.faults $(ARGS)

format: $(VENV)/.test-installed ## put the code in order
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: $(VENV)/.test-installed ## renew the pins in infra/requirements and the npm locks
	@infra/make/lock.sh

clean: ## remove what was installed and built (not the data in .innsyn)
	rm -rf $(VENV) pwa/build pwa/node_modules e2e/node_modules e2e/output .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# ------------------------------------------------------------------ what the commands above stand on

# Every step leaves a mark and is repeated only when its lock file is newer than the mark.

$(BIN)/python:
	@infra/make/venv.sh $(VENV)

$(VENV)/.run-installed: infra/requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing Python packages (once, well under a minute) …"
	@$(PIP) --require-hashes --no-deps -r infra/requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.test-installed: infra/requirements/test.txt $(VENV)/.run-installed
	@echo "Installing the test tools (once) …"
	@$(PIP) --require-hashes --no-deps -r infra/requirements/test.txt
	@touch $@

pwa/node_modules/.installed: pwa/package-lock.json
	@infra/make/node.sh
	@echo "Installing the front end's build packages (once) …"
	@cd pwa && $(NPM_CI)
	@touch $@

pwa/build/.built: pwa/node_modules/.installed $(PWA_SOURCES)
	@echo "Building the front end …"
	@cd pwa && npm run --silent build >/dev/null
	@touch $@

e2e/node_modules/.installed: e2e/package-lock.json
	@infra/make/node.sh
	@echo "Installing the browser test packages (once) …"
	@cd e2e && $(NPM_CI)
	@touch $@

browser: $(VENV)/.test-installed
	@infra/make/browser.sh $(BIN)

clamav:
	@infra/make/clamav.sh
