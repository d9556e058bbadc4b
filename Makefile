# `make report` and `make test` need Python 3.11 or newer and nothing else: they set up .venv themselves.
PYTHON ?= python3
SCENARIO ?= us-china-russia-2025
OUTPUT ?= report.html
ARGS ?=
BIN := .venv/bin

.PHONY: report test thorough peers check coverage mutants lowest bench validate history notebooks docs clean

report: .venv/installed
	$(BIN)/concert report $(SCENARIO) -o $(OUTPUT)

# Neighbouring tests share what a file sets up once, so that each process keeps a run of them as long as it has work.
test: .venv/installed-test
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

# Many more seeds and cases of what the tests look at; some minutes.
thorough: .venv/installed-test
	$(BIN)/python -m pytest -n auto --dist worksteal -m thorough $(ARGS)

# The tests that compare with Gambit and QuantEcon; building pygambit takes some minutes.
peers: .venv/installed-peers
	$(BIN)/python -m pytest -n auto -m peer

# Lint, format, types, and the direction of imports.
check: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Branch coverage of the tests, as a table.
coverage: .venv/installed-test
	$(BIN)/python -m pytest -n auto --dist worksteal -q --cov --cov-report=term:skip-covered

# Mutation testing of the kernels: small changes of the source, each of which a test of its file must notice; hours in full.
# For less: make mutants MUTANTS="solvers/equilibrium/proof.py --each 20 --seed 7".
mutants: .venv/installed-test
	$(BIN)/python tests/mutants $(MUTANTS)

# The tests on the lowest versions of the dependencies that pyproject.toml allows, in an environment of their own.
LOWEST ?= tests/games tests/solvers
lowest: .venv-lowest/installed
	.venv-lowest/bin/python -m pytest -n auto --dist worksteal -q $(LOWEST)

.venv-lowest/installed: pyproject.toml
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check uv
	.venv-lowest/bin/uv pip install --quiet --python .venv-lowest/bin/python --resolution lowest-direct -e '.[test]'
	@touch $@

# All timings beside the peers, into benchmarks/README.md.
bench: .venv/installed-peers
	$(BIN)/python -m benchmarks

# How well the rules do on two centuries, into docs/validation.md; some minutes.
validate: .venv/installed
	$(BIN)/python -m reports.validation

# The page on two centuries of the idea, into docs/history.md.
history: .venv/installed
	$(BIN)/python -m reports.history

# The notebooks in Jupyter; flags for it in ARGS, as in: make notebooks ARGS="--no-browser --port 8890".
notebooks: .venv/installed-notebooks
	$(BIN)/jupyter lab notebooks $(ARGS)

# The documentation site, into docs/_build/site.
docs: .venv/installed-docs
	$(BIN)/python docs/build.py $(ARGS)

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "concert-of-powers needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml
	@echo "Installing concert-of-powers into .venv (once; a minute or two) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/installed-test: .venv/installed
	@echo "Installing what the tests need into .venv (once) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,pdf]'
	@touch $@

.venv/installed-notebooks: .venv/installed
	@echo "Installing Jupyter into .venv (once; a minute or two) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[notebooks]'
	@touch $@

.venv/installed-docs: .venv/installed
	@echo "Installing what the documentation needs into .venv (once) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	@touch $@

.venv/installed-peers: .venv/installed-test
	@echo "Installing Gambit and QuantEcon into .venv (once; some minutes) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@touch $@

clean:
	rm -rf .venv .venv-lowest report.html report.json report.md report.pdf
