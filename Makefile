# Everything lives in .venv; `make clean` takes it away again.
# Needs Python 3.11 or newer, git and make. `make test` also needs Chromium (installed on Debian and Ubuntu).

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test coverage lint format constraints clean browser
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
LOG := .make/install.log

# The newest Python that works: a name on PATH may be a shim of a version manager that has none behind it.
PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { command -v "$$name"; break; }; done)

# The one place that names the browser of the end-to-end tests.
FOOTNOTE_CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome \
	|| command -v google-chrome-stable || echo /usr/bin/chromium)
export FOOTNOTE_CHROMIUM

# The stamps lie inside the venv, so that they go with it.
RUN_READY := $(VENV)/.run-ready
TEST_READY := $(VENV)/.test-ready

TESTS := $(BIN)/python -m pytest -q -n 2 --dist loadfile

# What checks the page's accessibility in the tests.
AXE := .make/npm/node_modules/axe-core/axe.min.js

# Python compiles a module when it is first imported; pip would compile them all, in as long as it takes to install them.
PIP := $(BIN)/python -m pip install --no-compile --disable-pip-version-check --no-input --progress-bar off
FAILED := { tail -n 20 $(LOG) >&2; echo "The installation failed. The whole story is in $(LOG)." >&2; exit 1; }
TO_LOG := >$(LOG) 2>&1 </dev/null || $(FAILED)

# Of what pip says, a line for every 25 packages, for each large download and for the last, silent stage is shown.
SHOWN := | tee $(LOG) | { while read -r what name rest; do case "$$what $$rest" in \
	"Collecting "* | "Processing "*) found=$$((found + 1)); [ $$((found % 25)) != 0 ] || echo "  found $$found packages";; \
	"Downloading ("[0-9][0-9]*" MB)") echo "  downloading $${name%%-[0-9]*} $$rest";; \
	"Installing packages:"*) echo "  unpacking them all, which takes longest";; \
	"pip failed") failed=yes;; esac; done; [ -z "$$failed" ] || $(FAILED); }

help:  ## Show this list
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN_READY)  ## Install, index the documents, open the chat page
	@$(BIN)/qa status >/dev/null 2>&1 || $(BIN)/qa rebuild
	@$(BIN)/python app.py

test: lint browser $(AXE)  ## Install what tests need and run them all
	@$(TESTS)

coverage: $(TEST_READY) browser $(AXE)  ## Run all tests, slower, and show the lines that none reaches
	@$(TESTS) --cov=qa --cov=index_store --cov-report=term-missing:skip-covered --cov-fail-under=90

lint: $(TEST_READY)  ## ruff and mypy --strict
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted: run make format." >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary

format: $(TEST_READY)  ## Sort imports and format the code
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Footnote needs Python 3.11 or newer, with venv" \
		"(on Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV)

$(RUN_READY): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Footnote (a few minutes the first time)…"
	@mkdir -p $(dir $(LOG))
	@{ $(PIP) -c constraints.txt -e . 2>&1 </dev/null || echo "pip has failed"; } $(SHOWN)
	@touch $@

$(TEST_READY): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Footnote and what its tests need (a few minutes the first time)…"
	@mkdir -p $(dir $(LOG))
	@{ $(PIP) -c constraints.txt -e '.[dev]' 2>&1 </dev/null || echo "pip has failed"; } $(SHOWN)
	@touch $(RUN_READY) $@

# strace watches, from outside, what the tests' processes connect to (tests/test_network.py).
browser:
	@{ test -x "$(FOOTNOTE_CHROMIUM)" && { command -v strace || test "$$(uname)" != Linux; } >/dev/null; } && exit 0; \
	if [ "$$(id -u)" = 0 ]; then sudo=; else sudo="sudo -n"; fi; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
		echo "Installing Chromium and strace…"; mkdir -p $(dir $(LOG)); \
		{ $$sudo apt-get update && $$sudo env DEBIAN_FRONTEND=noninteractive \
			apt-get install -y --no-install-recommends chromium strace fonts-liberation; \
		} >$(LOG) 2>&1 </dev/null; \
	fi; \
	test -x "$(FOOTNOTE_CHROMIUM)" || { echo "The tests need Chromium: 'sudo apt-get install chromium strace'" \
		"(Debian, Ubuntu) or your system's own way, or make test FOOTNOTE_CHROMIUM=/path/to/chrome." >&2; exit 1; }

$(AXE):
	@command -v npm >/dev/null || { if [ "$$(id -u)" = 0 ]; then sudo=; else sudo="sudo -n"; fi; \
		mkdir -p $(dir $(LOG)); $$sudo apt-get install -y --no-install-recommends npm >$(LOG) 2>&1 </dev/null; } || true
	@command -v npm >/dev/null || { echo "The tests need npm, for axe-core: install it (Debian, Ubuntu:" \
		"'sudo apt-get install npm')." >&2; exit 1; }
	@echo "Installing axe-core…"
	@mkdir -p .make/npm
	@npm install --prefix .make/npm --no-save --no-audit --no-fund --loglevel error axe-core@4.10 $(TO_LOG)
	@touch $@

# On the oldest Python, because the newest release of a package may have left that one behind.
constraints:  ## Pin the newest versions that pyproject.toml allows (needs python3.11; torch stays)
	@rm -rf .make/pins && mkdir -p .make && python3.11 -m venv .make/pins
	@sed -n '/^#/p;/^torch==/p' constraints.txt >.make/kept
	@$(PIP:$(BIN)%=.make/pins/bin%) -c .make/kept -e '.[dev]' $(TO_LOG)
	@{ sed -n '/^#/p' .make/kept; .make/pins/bin/python -m pip freeze --all --exclude-editable --exclude pip \
		| sed 's/+[^ ;]*//'; } >.make/constraints.txt
	@mv .make/constraints.txt constraints.txt && rm -rf .make/pins .make/kept

clean:  ## Remove the environment and every cache (the index stays)
	@rm -rf $(VENV) .make *.egg-info build dist .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
