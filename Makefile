# Two commands do everything on a machine with Python 3.11 or newer: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8501

.PHONY: run test format clean

run: .venv/.runtime
	$(BIN)/streamlit run asgi.py --server.port $(PORT)

test: .venv/.development
	$(BIN)/python -m tools.browser
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m model_registry check
	$(BIN)/python -m model_registry schema --check
	$(BIN)/python -m pytest

format: .venv/.development
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Plinth needs Python 3.11 or newer, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt requirements-playground.txt constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-playground.txt -c constraints.txt
	touch $@

.venv/.development: requirements-dev.txt requirements.txt requirements-playground.txt constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	touch .venv/.runtime $@
