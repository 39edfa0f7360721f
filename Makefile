# Two commands are all that a newcomer needs: `make run` and `make test`. `make help` lists the rest.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

# The environment is the project's own, whatever the caller's shell has set up.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV
export PYTHONNOUSERSITE := 1

BIN := .venv/bin
NPX := npx --no-install
PYTEST_WORKERS ?= 2

# Stamps: what they stand for is done and newer than what it was made from.
PYTHON_RUN := .venv/.run-ready
PYTHON_DEV := .venv/.dev-ready
NODE_TOOLS := node_modules/.ready
NODE_FRONTEND := frontend/node_modules/.ready
UI := backend/ocppsim/ui/.built

UI_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) \
  $(wildcard frontend/*.html frontend/*.ts frontend/*.cjs frontend/*.json)

bold = printf '\n\033[1m== %s\033[0m\n' "$(1)"

.PHONY: help
help: ## List the commands
	@echo "make run    set up, build the UI and start the demo at http://127.0.0.1:8001"
	@echo "make test   set up and run every check and every test"
	@echo
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / && $$1 != "run" && $$1 != "test" \
	  { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- The two commands -------------------------------------------------------------------------------

.PHONY: run
run: prerequisites $(PYTHON_RUN) $(UI) ## Set up, build the UI and start the demo
	@exec $(BIN)/ocppsim demo

.PHONY: test
test: setup browser check-format lint typecheck check-imports check-generated test-frontend test-backend test-e2e ## Set up and run every check and every test
	@$(call bold,All checks and tests passed)

# --- Setting up -------------------------------------------------------------------------------------

.PHONY: prerequisites
prerequisites:
	@tools/find-python >/dev/null
	@tools/check-node
	@tools/check-venv

.PHONY: setup
setup: prerequisites $(PYTHON_DEV) $(NODE_TOOLS) $(NODE_FRONTEND) ## Install everything that development needs

.PHONY: browser
browser: # What the browser suite runs in
	@tools/ensure-chromium

$(PYTHON_RUN): requirements.lock pyproject.toml
	@$(call bold,Python environment)
	@tools/install-python requirements.lock
	@touch $@

$(PYTHON_DEV): requirements-dev.lock requirements.lock pyproject.toml
	@$(call bold,Python environment)
	@tools/install-python requirements-dev.lock
	@touch $(PYTHON_RUN) $@

$(NODE_TOOLS): package.json package-lock.json .npmrc
	@$(call bold,Node packages of the tools)
	@npm ci --no-fund --no-audit
	@touch $@

$(NODE_FRONTEND): frontend/package.json frontend/package-lock.json
	@$(call bold,Node packages of the UI)
	@cd frontend && npm ci --no-fund --no-audit
	@touch $@

.PHONY: ui
ui: prerequisites $(UI) ## Build the UI into the Python package

$(UI): $(NODE_FRONTEND) $(UI_SOURCES)
	@$(call bold,Building the UI)
	@cd frontend && npm run --silent build
	@rm -rf $(@D)
	@cp -R frontend/dist $(@D)
	@touch $@

# --- Checks -----------------------------------------------------------------------------------------

.PHONY: check-format
check-format: $(PYTHON_DEV) $(NODE_TOOLS) $(NODE_FRONTEND) ## Is everything formatted?
	@$(call bold,Format)
	$(BIN)/ruff format --check .
	npm run --silent format:check
	cd frontend && npm run --silent format:check

.PHONY: format
format: $(PYTHON_DEV) $(NODE_TOOLS) $(NODE_FRONTEND) ## Format everything
	$(BIN)/ruff check --select I --fix-only .
	$(BIN)/ruff format .
	npm run --silent format
	cd frontend && npm run --silent format

.PHONY: lint
lint: $(PYTHON_DEV) $(NODE_TOOLS) $(NODE_FRONTEND) ## ruff and eslint
	@$(call bold,Lint)
	$(BIN)/ruff check .
	npm run --silent lint
	cd frontend && npm run --silent lint

.PHONY: typecheck
typecheck: $(PYTHON_DEV) $(NODE_TOOLS) $(NODE_FRONTEND) ## pyright and tsc, both strict
	@$(call bold,Types)
	$(NPX) pyright
	cd frontend && npm run --silent typecheck

.PHONY: check-imports
check-imports: $(PYTHON_DEV) ## The import contracts
	@$(call bold,Import contracts)
	$(BIN)/lint-imports

.PHONY: check-generated
check-generated: $(PYTHON_DEV) $(NODE_TOOLS) $(NODE_FRONTEND) ## Is everything generated up to date?
	@$(call bold,Generated files)
	$(BIN)/python tools/generate.py --check
	$(BIN)/python backend/tests/conformance/coverage_page.py --check
	$(BIN)/python tools/charts.py --check
	cd frontend && npm run --silent generate:check
	npm run --silent docs:diagrams:check

# --- Generated files --------------------------------------------------------------------------------

.PHONY: generate
generate: openapi docs-tables charts diagrams ## Write every generated file anew

.PHONY: openapi
openapi: $(PYTHON_DEV) $(NODE_FRONTEND) ## The OpenAPI document and the client made from it
	$(BIN)/python tools/generate.py openapi
	cd frontend && npm run --silent generate

.PHONY: docs-tables
docs-tables: $(PYTHON_DEV) ## The tables of the documentation that the code knows
	$(BIN)/python tools/generate.py docs
	$(BIN)/python backend/tests/conformance/coverage_page.py

.PHONY: charts
charts: $(PYTHON_DEV) ## The charts of docs/physics.md, from the models
	$(BIN)/python tools/charts.py

.PHONY: diagrams
diagrams: $(NODE_TOOLS) ## The images of docs/diagrams
	npm run --silent docs:diagrams

.PHONY: docs-pdf
docs-pdf: $(NODE_TOOLS) ## The documentation as a PDF
	npm run --silent docs:pdf

# --- Tests ------------------------------------------------------------------------------------------

.PHONY: test-backend
test-backend: $(PYTHON_DEV) $(NODE_TOOLS) ## pytest
	@$(call bold,Backend tests)
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS)

.PHONY: test-frontend
test-frontend: $(NODE_FRONTEND) ## vitest
	@$(call bold,Frontend tests)
	cd frontend && npm run --silent test

.PHONY: test-e2e
test-e2e: browser $(PYTHON_RUN) $(NODE_TOOLS) $(UI) ## The browser suite, in Chromium
	@$(call bold,Browser suite)
	npm run --silent test:e2e

# --- Housekeeping -----------------------------------------------------------------------------------

.PHONY: bench
bench: $(PYTHON_DEV) ## Measure the product against the thin loop (BENCH_FLAGS=--help); some minutes
	@PYTHONPATH=tools:backend $(BIN)/python -m bench --write $(BENCH_FLAGS)

# One pin a package for both locks; `make lock LOCK_FLAGS=--upgrade` moves the pins on.
UV_COMPILE := pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate

.PHONY: lock
lock: prerequisites ## Lock the dependencies anew
	@test -x .cache/uv/bin/uv || { \
	  "$$(tools/find-python)" -m venv .cache/uv && .cache/uv/bin/python -m pip install --quiet uv; }
	.cache/uv/bin/uv $(UV_COMPILE) pyproject.toml --extra cluster --extra parquet --extra postgres --group build --group dev \
	  -o requirements-dev.lock $(LOCK_FLAGS)
	.cache/uv/bin/uv $(UV_COMPILE) pyproject.toml --extra postgres --group build \
	  --constraint requirements-dev.lock -o requirements.lock $(LOCK_FLAGS)
	npm install --package-lock-only --no-fund --no-audit
	cd frontend && npm install --package-lock-only --no-fund --no-audit

.PHONY: clean
clean: ## Remove what was installed or built; your database stays
	rm -rf .venv .cache node_modules frontend/node_modules frontend/dist backend/ocppsim/ui \
	  docs/build .pytest_cache .ruff_cache .import_linter_cache .hypothesis
