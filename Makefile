# Sanshi 三适: what a contributor runs. `make` alone lists the targets.
#
#   make test PYTHON=/path/to/python3.12      choose the interpreter
#   make test ARGS="tests/kernel -k money"    pass anything to pytest
#   make test WORKERS=4                       set the number of test processes

VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
# Without what tests need; a later `make test` adds that to the same environment.
PLAIN := $(VENV)/.installed-plain
PINS := constraints.txt
PLATFORMS := x86_64-manylinux_2_28 aarch64-manylinux_2_28 aarch64-apple-darwin
CANDIDATES := $(or $(PYTHON),python3.11 python3.12 python3.13 python3 python)
# One process more than there are cores: many tests wait for a disk, a server or a browser.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
ARGS ?=

# pip before 25.3 pins build requirements by the first of these, later versions by the second.
export PIP_CONSTRAINT := $(PINS)
export PIP_BUILD_CONSTRAINT := $(PINS)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Else each test process, and each program that a test starts, would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo install test test-long bench bench-smoke lint pins wheels clean

help:
	@echo 'make demo         set up and seed a demo city, the first time in a few minutes'
	@echo 'make test         install what is missing, then run the fast tests'
	@echo 'make test-long    the long tests: many more examples, kills and faults'
	@echo 'make lint         style, types, import directions and house rules'
	@echo 'make bench        measure, and write docs/benchmarks.md'
	@echo 'make bench-smoke  the same with tiny sizes, so that it cannot rot'
	@echo 'make install      only install, into $(VENV)'
	@echo 'make pins         resolve $(PINS) again (needs uv)'
	@echo 'make wheels       check that every pin has a wheel for Python 3.11, 3.12 and 3.13'
	@echo 'make clean        remove everything that make has made'

install: $(STAMP)

demo: $(if $(wildcard $(STAMP)),$(STAMP),$(PLAIN))
	@$(VENV)/bin/sanshi demo $(ARGS)

test: $(STAMP)
	@echo 'Sanshi: running the fast tests'
	@$(PY) -m pytest -q -n $(WORKERS) --dist worksteal -m 'not long' $(ARGS)

# 5 is pytest's "nothing was collected".
test-long: $(STAMP)
	@echo 'Sanshi: running the long tests'
	@SANSHI_LONG=1 $(PY) -m pytest -q -n $(WORKERS) --dist worksteal -m long --timeout 1500 $(ARGS); \
	status=$$?; \
	if [ $$status -eq 5 ]; then echo 'Sanshi: no test is marked long yet'; status=0; fi; \
	exit $$status

lint: $(STAMP)
	@echo 'Sanshi: style'
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@echo 'Sanshi: types'
	@$(PY) -m mypy
	@echo 'Sanshi: import directions'
	@$(VENV)/bin/lint-imports --no-cache --no-logo
	@echo 'Sanshi: house rules'
	@$(PY) -m pytest -q -p no:cacheprovider tests/house/test_rules.py

bench: $(STAMP)
	@$(PY) -m benchmarks.run $(ARGS)

bench-smoke: $(STAMP)
	@$(PY) -m benchmarks.run --smoke $(ARGS)

# What hatchling needs for an editable install (editables) stands in no file of ours.
pins:
	@command -v uv >/dev/null || { echo 'Sanshi: make pins needs uv (pip install uv)'; exit 1; }
	@$(PY) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], "editables", sep="\n")' \
	| uv pip compile --quiet --upgrade --all-extras --python-version 3.11 --only-binary :all: \
		--no-annotate --no-header --no-emit-index-url --output-file $(PINS) pyproject.toml -
	@echo 'Sanshi: resolved $(PINS); now run make wheels'

wheels:
	@command -v uv >/dev/null || { echo 'Sanshi: make wheels needs uv (pip install uv)'; exit 1; }
	@for version in 3.11 3.12 3.13; do for platform in $(PLATFORMS); do \
		uv pip compile --quiet --no-deps --only-binary :all: --no-header --output-file /dev/null \
			--python-version $$version --python-platform $$platform $(PINS) >/dev/null || exit 1; \
		echo "Sanshi: every pin has a wheel for Python $$version on $$platform"; \
	done; done

clean:
	rm -rf $(VENV) .data .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	rm -rf dist src/sanshi/web/static/vendor
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# ── installation ──────────────────────────────────────────────────────────────────────────────

SUITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
CAN_VENV := import ensurepip, venv
NAME := import sys; print("Python %d.%d.%d, %s" % (*sys.version_info[:3], sys.executable))
APT := apt-get install python3.11 python3.11-venv

$(STAMP): EXTRAS := [dev]
$(PLAIN): EXTRAS :=

# A candidate is run, not only found: a shim may exist and fail. uv needs no ensurepip.
$(STAMP) $(PLAIN): pyproject.toml $(PINS) hatch_build.py frontend/package-lock.json
	@if $(PY) -c '$(SUITS)' 2>/dev/null; then \
		echo "Sanshi: using the virtual environment in $(VENV)"; \
	else \
		found=; bare=; \
		for candidate in $(CANDIDATES); do \
			"$$candidate" -c '$(SUITS)' >/dev/null 2>&1 || continue; \
			if command -v uv >/dev/null || "$$candidate" -c '$(CAN_VENV)' >/dev/null 2>&1; \
			then found=$$candidate; break; else bare=$$candidate; fi; \
		done; \
		if [ -z "$$found" ] && [ -n "$$bare" ]; then \
			echo "Sanshi: $$bare cannot make virtual environments: its venv part is missing."; \
			echo "  On Debian or Ubuntu: $(APT)"; exit 1; \
		elif [ -z "$$found" ]; then \
			echo "Sanshi: no Python 3.11, 3.12 or 3.13 works here (tried: $(CANDIDATES))."; \
			echo "  On Debian or Ubuntu: $(APT)"; \
			echo "  Elsewhere: install one and run make with PYTHON=/path/to/it"; exit 1; \
		fi; \
		echo "Sanshi: making $(VENV) with $$("$$found" -c '$(NAME)')"; \
		if [ -e $(VENV) ]; then echo "Sanshi: replacing $(VENV), which does not run"; rm -rf $(VENV); fi; \
		if command -v uv >/dev/null; \
		then uv venv --quiet --no-project --python "$$("$$found" -c 'import sys; print(sys.executable)')" $(VENV); \
		else "$$found" -m venv $(VENV); fi; \
	fi
	@echo 'Sanshi: installing the pinned packages (the first time about a minute)'
	@if command -v uv >/dev/null && uv pip install --quiet --python $(PY) \
		--constraint $(PINS) --build-constraint $(PINS) --editable '.$(EXTRAS)'; then :; \
	else \
		if command -v uv >/dev/null; then echo 'Sanshi: uv could not install; trying pip'; fi; \
		$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; \
		$(PY) -m pip install --quiet --constraint $(PINS) --editable '.$(EXTRAS)'; \
	fi
	@touch $@
