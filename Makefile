# `make run` and `make test` need Python 3.11 to 3.13 and nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: run test check lock docs bench clean airflow env soak-airflow

run: $(VENV)/.run
	$(BIN)/newsfold run --landing seeds --warehouse warehouse

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Airflow on this machine, at http://127.0.0.1:8080 with a login that is printed; Ctrl-C ends it. SQLite, unless a connection is
# given: make airflow AIRFLOW_DB=postgresql+psycopg2://user:password@host/database
AIRFLOW_HOME ?= $(CURDIR)/airflow_home
AIRFLOW_DB ?= sqlite:///$(AIRFLOW_HOME)/airflow.db
AIRFLOW_PORT ?= 8080
AIRFLOW_LOGIN = $(AIRFLOW_HOME)/passwords.json

airflow: export PATH := $(abspath $(BIN)):$(PATH)
airflow: export PYTHONPATH := $(CURDIR):$(PYTHONPATH)
airflow: export NEWSFOLD_LANDING ?= $(CURDIR)/seeds
airflow: export NEWSFOLD_WAREHOUSE ?= $(CURDIR)/warehouse
airflow: export AIRFLOW_HOME := $(AIRFLOW_HOME)
airflow: export AIRFLOW__DATABASE__SQL_ALCHEMY_CONN = $(AIRFLOW_DB)
airflow: export AIRFLOW__CORE__DAGS_FOLDER = $(CURDIR)/dags
airflow: export AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION = False
airflow: export AIRFLOW__CORE__EXECUTOR = LocalExecutor
airflow: export AIRFLOW__CORE__PARALLELISM ?= 4
airflow: export AIRFLOW__CORE__LOAD_EXAMPLES = False
airflow: export AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS = admin:admin
airflow: export AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE = $(AIRFLOW_LOGIN)
airflow: export AIRFLOW__CORE__EXECUTION_API_SERVER_URL = http://127.0.0.1:$(AIRFLOW_PORT)/execution/
airflow: export AIRFLOW__API__HOST = 127.0.0.1
airflow: export AIRFLOW__API__PORT = $(AIRFLOW_PORT)
airflow: export AIRFLOW__API__BASE_URL = http://127.0.0.1:$(AIRFLOW_PORT)
airflow: export AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL ?= 30
airflow: $(VENV)/.dev
	@mkdir -p $(AIRFLOW_HOME)
	@test -s $(AIRFLOW_LOGIN) || (umask 077 && $(BIN)/python -c \
	  'import json, secrets; print(json.dumps({"admin": secrets.token_urlsafe(9)}))' > $(AIRFLOW_LOGIN))
	@echo "Airflow will be at http://127.0.0.1:$(AIRFLOW_PORT) in about a minute."
	@$(BIN)/python -c 'import json; print("Log in as admin with", json.load(open("$(AIRFLOW_LOGIN)"))["admin"])'
	@exec $(BIN)/airflow standalone

# The files below are made by the tools named; a test says whether docs/tables.md is what the code prints.
docs: $(VENV)/.run
	$(BIN)/newsfold schema > docs/tables.md

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	  --all-extras --group dev pyproject.toml -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	  -c requirements-dev.lock pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) warehouse

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "Python 3.11 to 3.13 is needed, not " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@
