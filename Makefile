# `make figures` and `make test` do everything from a fresh clone, set-up included.

PYTHON ?= python3
VENV ?= .venv
CORES ?= all
SCALE ?=
BENCH ?= full
BIN := $(VENV)/bin
SNAKEMAKE := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/snakemake
CONFIG := $(if $(SCALE),--config scale=$(SCALE))

.DEFAULT_GOAL := help
.PHONY: help install figures test quicktest lint format why smoke bench report docs results clean

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/installed: pyproject.toml envs/requirements.txt envs/requirements-torch.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement envs/requirements.txt
	$(BIN)/python -m pip install --quiet --retries 1 --requirement envs/requirements-torch.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

install: $(VENV)/installed  ## make the virtual environment with the pinned versions

figures: install  ## make every figure and the gallery (SCALE=smoke|default|paper|archive, CORES=all)
	$(SNAKEMAKE) --cores $(CORES) $(CONFIG)

# The tests of a module stay in one process: they share fixtures that take long to make. Each
# process has one thread, since more would only wait for each other.
PYTEST := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 \
	$(BIN)/python -m pytest --numprocesses auto --dist loadscope

test: install  ## run the tests
	$(PYTEST)

quicktest: install  ## run the tests but for whole runs of the workflow
	$(PYTEST) -m "not slow"

lint: install  ## check style of the package, the scripts and the workflow
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow

format: install  ## put the code into the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile workflow

why: install  ## show what a run would redo, and why
	$(SNAKEMAKE) --cores $(CORES) $(CONFIG) --dry-run --quiet host

smoke: install  ## run the whole workflow on small synthetic data
	$(SNAKEMAKE) --cores $(CORES) smoke

bench: install  ## measure kernels and cases against a plain baseline and the machine (BENCH=full|quick)
	$(BIN)/python -m benchmarks.run --$(BENCH)

report: install  ## write report.html, Snakemake's own report of the last run
	$(SNAKEMAKE) $(CONFIG) --report report.html

$(VENV)/docs-installed: $(VENV)/installed envs/requirements-docs.txt
	$(BIN)/python -m pip install --quiet --requirement envs/requirements-docs.txt
	@touch $@

docs: $(VENV)/docs-installed  ## build the documentation, docs/_build/html/index.html
	$(BIN)/sphinx-build -W --keep-going --quiet -b html -d docs/_build/doctrees docs docs/_build/html

results: install  ## write docs/results.md from the tables of the last run
	$(BIN)/python -m docs.generator.results

clean:  ## remove results, figures, logs and prepared data (not the environment, not downloads)
	rm -rf results figures logs data/prepared report.html docs/_build docs/generated
