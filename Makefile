PYTHON ?= python3.11
BIN := .venv/bin
export PREFECT_SERVER_ANALYTICS_ENABLED = false

.PHONY: setup demo test lint bench bench-scale sweep pins texts

setup: .venv/ready

# The pins are complete; pip itself would weigh releases that they leave out.
.venv/ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv || python3 -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: setup
	$(BIN)/gradphoto demo demo

# Three at a time on two cores: many of them wait for a server to start.
test: setup
	tests/install-tools
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

sweep: setup
	tests/install-tools
	$(BIN)/pytest -n 2 --dist loadfile --hypothesis-profile sweep --sweep

bench: setup
	$(BIN)/python -m tests.bench

bench-scale: setup
	$(BIN)/python -m tests.bench_scale --sessions 1 10 100
	$(BIN)/python -m tests.bench_scale --sessions 1 10 --s3

# What the sources say in Chinese, into the catalogue; the translations that are there stay.
PO := gradphoto/language/locale/en/LC_MESSAGES/gradphoto.po
texts: setup
	mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg -k _ --add-location=file --no-wrap --sort-by-file --omit-header -o build/texts.pot .
	$(BIN)/pybabel -q update -i build/texts.pot -o $(PO) -l en --no-wrap --no-fuzzy-matching --ignore-obsolete --omit-header

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Needs uv, only to renew the pins; backports-strenum 1.3 and later refuse Python 3.11.
pins:
	echo 'backports-strenum<1.3' | uv pip compile --quiet --universal --python-version 3.11 --extra dev \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header -c - -o requirements.txt pyproject.toml
