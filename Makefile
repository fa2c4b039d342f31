# `make run` and `make test` need Python 3.11 to 3.13 and nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
SERVICES = services or spark

.PHONY: soak torture run test test-long test-services test-cluster same-bytes check lock docs bench clean airflow env soak-airflow

run: $(VENV)/.run
	$(BIN)/newsfold demo

# What needs nothing but Python.
test: $(VENV)/.dev
	$(BIN)/python -m pytest -q tests/test_dags*.py  # Airflow wants a process of its own
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup --ignore-glob 'tests/test_dags*.py' -m "not ($(SERVICES)) and not cluster and not soak and not long"

# What takes longer: 300 random sequences of runs, faults and repairs; kills, interrupts, bombs, compilers.
test-long: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup -m "long and not ($(SERVICES)) and not cluster and not soak"

# What needs an S3 server or Java; the tests start them. What this machine lacks is skipped and named.
test-services: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup --ignore-glob 'tests/test_dags*.py' -m "($(SERVICES)) and not cluster and not soak"

# One landing zone on each Python from 3.11 to 3.13 of this machine, in an environment of its own.
same-bytes: $(VENV)/.dev
	$(BIN)/python -m tests.same_bytes

# A standalone Spark cluster whose workers and drivers are killed: a quarter of an hour.
test-cluster: $(VENV)/.dev
	$(BIN)/python -m pytest -q -m cluster

# 5,000 random sequences of runs, faults and repairs, and kill -9 at every single step of a publication: hours.
soak: $(VENV)/.dev
	NEWSFOLD_SEQUENCES=$(or $(SEQUENCES),5000) NEWSFOLD_SEED=$(or $(SEED),1) NEWSFOLD_MATRIX=1 \
	  $(BIN)/python -m pytest -n 2 -q tests/test_repair_sequences.py tests/test_kill_matrix.py

# Readers of every kind against days that are re-published all the time, for five minutes each.
torture: $(VENV)/.dev
	NEWSFOLD_TORTURE_SECONDS=$(or $(SECONDS),300) $(BIN)/python -m pytest -q tests/test_torture.py

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m benchmarks.structure --limits

# Airflow on this machine, at http://127.0.0.1:8080 with a login that is printed; Ctrl-C ends it. It makes the samples in demo/, unless
# NEWSFOLD_LANDING and NEWSFOLD_WAREHOUSE name other places. SQLite, unless a connection is
# given: make airflow AIRFLOW_DB=postgresql+psycopg2://user:password@host/database
AIRFLOW_HOME ?= airflow_home
AIRFLOW_PORT ?= 8080

airflow: $(VENV)/.airflow
	@exec $(BIN)/python -m deploy.local_airflow --home $(AIRFLOW_HOME) --port $(AIRFLOW_PORT) --database "$(AIRFLOW_DB)"

# Passwords, keys and places for docker-compose.yml; what is there stays.
env: .env
.env: | $(VENV)/.run
	umask 077 && $(BIN)/python -m deploy.compose env > $@.new && mv $@.new $@

# What takes too long for every change: every scenario of tests/test_airflow*.py, the explorer in it, the services of docker-compose.yml, and Airflow's overhead at 1,000 pages a day.
soak-airflow: $(VENV)/.dev
	$(BIN)/python -m pytest -m soak tests/test_airflow.py tests/test_airflow_harvest.py tests/test_airflow_explorer.py tests/test_compose_commands.py
	$(BIN)/python -m benchmarks.airflow

# The files below are made by the tools named; a test says whether docs/tables.md is what the code prints.
docs: $(VENV)/.run
	$(BIN)/newsfold schema > docs/tables.md

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	  --all-extras --group dev pyproject.toml -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	  -c requirements-dev.lock --extra explorer pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	  -c requirements-dev.lock --extra airflow --extra explorer --extra harvest --extra s3 pyproject.toml -o requirements-airflow.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	  -c requirements-dev.lock --extra spark --extra s3 pyproject.toml -o requirements-spark.lock

clean:
	rm -rf $(VENV) $(VENV)-3.1[1-3] demo

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "Python 3.11 to 3.13 is needed, not " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/.airflow: requirements-airflow.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-airflow.lock
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@
