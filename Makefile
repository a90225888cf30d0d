# Two commands matter: `make lab` opens the first notebook, `make test` runs the tests. Both install what is missing.
# Another interpreter: `make PYTHON=python3.12 lab`. pip reads its own settings (PIP_INDEX_URL and so on) as usual.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ANNOUNCEMENTS := @jupyterlab/apputils-extension:announcements
EXTRAS := dev,lab
LAB_ARGS ?=
NOTEBOOK ?= notebooks/01_first_look.ipynb
PYTEST_ARGS ?=

# The accessibility checker of the browser tests.
AXE := tests/ui/node_modules

# One thread for each test process: the processes themselves fill the cores.
TEST_ENV := OMP_NUM_THREADS=1 HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false
# Jupyter refuses to start as root (as in most containers) unless told that this is meant.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

.DEFAULT_GOAL := help
.PHONY: help install lab voila test test-browser check build clean

help:  ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

install: $(STAMP)  ## Create .venv and install everything pinned, once

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; '$(PYTHON)' is not. Try: make PYTHON=python3.12 lab"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu install python3-venv first."; exit 1; }
	$(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt \
	  --config-settings editable_mode=compat --editable '.[$(EXTRAS)]'
	@# Without this JupyterLab asks its makers for news and updates: nothing here uses the network unasked.
	$(BIN)/jupyter labextension disable --level=sys_prefix $(ANNOUNCEMENTS)
	@touch $@

lab: $(STAMP)  ## Open JupyterLab on the first notebook
	JUPYTER_CONFIG_PATH=$(CURDIR)/lab_config$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH} $(BIN)/jupyter lab $(AS_ROOT) --ServerApp.root_dir=. \
	  --LabApp.default_url=/lab/tree/notebooks/01_first_look.ipynb $(LAB_ARGS)

test: $(STAMP)  ## Run everything that Python alone allows
	$(TEST_ENV) $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(PYTEST_ARGS)

test-browser: $(STAMP) $(AXE)  ## Run the browser and node tests: needs Chromium, CJK fonts, node >= 20 and npm
	$(TEST_ENV) $(BIN)/python -m pytest --with-browser -m 'browser or node' $(PYTEST_ARGS)

$(AXE): tests/ui/package-lock.json
	-npm ci --prefix tests/ui --ignore-scripts --no-audit --no-fund && touch $@  # without it the tests say what to do

voila: $(STAMP)  ## Serve a notebook as an app without its code: make voila NOTEBOOK=notebooks/01_first_look.ipynb
	$(BIN)/voila $(NOTEBOOK)

check: $(STAMP)  ## Run ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/mypy

build: $(STAMP)  ## Build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

clean:  ## Remove builds, caches and what tests left behind; .venv stays
	rm -rf build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis browser-test-out
