# Two commands do everything on a machine with Python 3.11 or newer, make and pip:
#   make graph    install, build the graph of the pages in seeds/ into out/
#   make test     install with what the tests need, check style and types, run the tests
#
# PYTHON=/path/to/python3.12 chooses another interpreter, VENV=folder another environment.

PYTHON ?= python3
VENV ?= .venv
SHELL := /bin/sh
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
PACKAGE := pyproject.toml $(shell find kg ontology -type f -not -name '*.pyc' 2>/dev/null)

.PHONY: graph test test-long check browser clean
.DELETE_ON_ERROR:

graph: $(VENV)/.installed
	$(BIN)/kg build seeds/ -o out/
	@echo
	@echo "The graph is in out/:"
	@echo "  out/graph.html    open it in a browser; it needs no network"
	@echo "  out/report.md     what was found, what is doubtful, what was skipped"
	@echo "  out/graph.ttl     the graph for your own tools (Turtle)"
	@echo "Ask it something:   $(BIN)/kg query out/graph.ttl --list"

test: check browser
	$(BIN)/python -m pytest -q -m "not long"

test-long: $(VENV)/.developing browser
	$(BIN)/python -m pytest -q

check: $(VENV)/.developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Chromium and a font with Chinese characters, for the tests that look at graph.html. Without root or apt-get a browser
# that is on the machine is used; without any those tests are skipped with a line that says so.
browser:
	@if ! command -v chromium >/dev/null 2>&1 || ! fc-list 2>/dev/null | grep -qi 'noto.*cjk'; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    echo "Installing chromium and fonts-noto-cjk for the browser tests"; \
	    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
	      chromium fonts-noto-cjk; } >/dev/null 2>&1 || echo "They could not be installed; going on without"; \
	  else \
	    echo "No chromium with a Chinese font, and no way to install them: a browser of the machine is used if there is one"; \
	  fi; \
	fi

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

# A developer's installation is editable and serves `make graph` as well; a plain one is renewed when the package changes.
$(VENV)/.installed: $(PACKAGE) | $(BIN)/python
	@if [ -e $(VENV)/.developing ] && [ $(VENV)/.developing -nt pyproject.toml ]; then :; else \
	  echo "Installing newskg into $(VENV)"; $(PIP) install .; fi
	@touch $@

$(VENV)/.developing: pyproject.toml | $(BIN)/python
	@echo "Installing newskg with its development tools into $(VENV)"
	@$(PIP) install -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build dist
	find out -mindepth 1 -not -name .gitignore -delete
