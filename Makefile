# make demo       TensorBoard with RunLens on sample runs
# make test       everything a change must pass
# make test-all   the unit tests also with every Python at hand, oldest and newest dependencies
#
# A machine needs Python and make. Node comes from PyPI; the browser tests take the system's
# Chromium or, as root, install Debian's.

PYTHON ?= python3

BIN := .venv/bin
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
SOURCES := pyproject.toml setup.py runlens_auto.pth
FRONTEND := THIRD_PARTY.md $(shell find frontend -type f -not -path '*/node_modules/*')

# Every Python from 3.9 on, oldest first. A version that pyenv has installed but not switched on
# leaves a command on the PATH that fails, hence the trial and the second place to look. (Without
# the last `true`, make throws the answer away when the last command tried does not exist.)
PYTHONS = $(shell for minor in 9 10 11 12 13 14; do \
    for python in python3.$$minor $$(pyenv root 2>/dev/null)/versions/3.$$minor.*/bin/python3.$$minor; do \
        $$python -c 'import ensurepip, venv' 2>/dev/null && { command -v $$python; break; }; \
    done; done; true)

# Old releases of Ultralytics, each without its dependencies beside the one PyTorch of .venv, and
# what they import that the newest does without.
OVERLAYS := $(addprefix .overlays/,$(shell cat tests/training/releases.txt))
FOR_OLD_RELEASES := pandas==2.3.3 py-cpuinfo==9.0.0 tqdm==4.70.1

# A file's tests stay together: those in the browser share one TensorBoard.
IN_PARALLEL := --numprocesses=auto --maxprocesses=4 --dist=loadfile

# The environment of `make unit`.
UNIT_ENV ?= .venv-oldest
UNIT_PYTHON ?= $(firstword $(PYTHONS))
UNIT_REQUIREMENTS ?= --requirement tests/oldest.txt

.PHONY: demo test test-all unit lint format build clean chromium

demo: $(BIN)/runlens
	$(BIN)/runlens demo

test: lint chromium .venv/training $(OVERLAYS)
	$(BIN)/pytest $(IN_PARALLEL)
	$(MAKE) unit

test-all: test
	set -e; for python in $(PYTHONS); do \
	    env=.venv-$${python##*/}; \
	    $(MAKE) unit UNIT_ENV=$$env-oldest UNIT_PYTHON=$$python; \
	    $(MAKE) unit UNIT_ENV=$$env-newest UNIT_PYTHON=$$python UNIT_REQUIREMENTS=; \
	done

unit: $(UNIT_ENV)/ready
	$(UNIT_ENV)/bin/pytest $(IN_PARALLEL) --ignore=tests/browser --ignore=tests/packaging --ignore=tests/training

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix frontend run --silent check

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix frontend run --silent format

build: .venv/dev
	$(BIN)/python -m build

clean:
	rm -rf .overlays .venv* build dist frontend/node_modules tensorboard_runlens/static *.egg-info
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache

chromium:
	@for name in chromium chromium-browser google-chrome; do \
	    command -v $$name >/dev/null && exit 0; \
	done; \
	apt-get update --quiet=2 && \
	apt-get install --yes --quiet=2 --no-install-recommends chromium fonts-liberation

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(BIN)/runlens: $(SOURCES) $(FRONTEND) | $(BIN)/python
	$(BIN)/python $(PIP_INSTALL) --editable .
	touch $@

.venv/dev: $(SOURCES) $(FRONTEND) | $(BIN)/python
	$(BIN)/python $(PIP_INSTALL) --editable '.[dev]'
	touch $@

# PyTorch first and alone: asked for together with the others, pip may choose a release that comes
# with gigabytes of CUDA.
.venv/training: Makefile | .venv/dev
	$(BIN)/python $(PIP_INSTALL) torch==2.13.0
	$(BIN)/python $(PIP_INSTALL) torchvision==0.28.0 ultralytics==8.4.190 'cloudpickle>=3.1.1'
	$(BIN)/python $(PIP_INSTALL) $(FOR_OLD_RELEASES)
	touch $@

# Without a network the tests of that release are skipped.
.overlays/%: | .venv/training
	-$(BIN)/python $(PIP_INSTALL) --no-deps --target $@ ultralytics==$*

$(UNIT_ENV)/ready: $(SOURCES) tests/oldest.txt
	$(UNIT_PYTHON) -m venv $(UNIT_ENV)
	$(UNIT_ENV)/bin/python $(PIP_INSTALL) $(UNIT_REQUIREMENTS) --editable '.[test]'
	touch $@
