# Regulars 熟客. `make help` tells what there is; `make demo` is the place to start.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo install matching translations words check test engines coverage bench docs pictures lock clean

BIN := .venv/bin
INSTALLED := .venv/.installed
INSTALLED_DEV := .venv/.installed-dev
INSTALLED_BENCH := .venv/.installed-bench
INSTALLED_PEER := .venv/.installed-recordlinkage
TRANSLATIONS := $(shell find src/regulars -name '*.po' 2>/dev/null)
ARGS ?=

help: ## Tell what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: install ## Load real sales data, run the main job, serve the console (ARGS=--once: print the summary and stop)
	@$(BIN)/regulars demo $(ARGS)

install: $(INSTALLED) .venv/.translated ## Make .venv with everything Regulars needs to run

$(INSTALLED): requirements.txt requirements-uv.txt pyproject.toml setup/environment
	@setup/environment requirements.txt
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt $(INSTALLED)
	@setup/environment requirements-dev.txt
	@touch $@

$(INSTALLED_BENCH): requirements-bench.txt $(INSTALLED)
	@setup/environment requirements-bench.txt
	@touch $@

# recordlinkage wants an older pandas than we have.
$(INSTALLED_PEER): requirements-recordlinkage.txt $(INSTALLED)
	@$(BIN)/python -m venv .venv/recordlinkage
	@.venv/recordlinkage/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

matching: $(INSTALLED) ## Install Splink, with which a model of one's own for recognising customers is trained
	@setup/environment requirements-matching.txt

translations: .venv/.translated ## Compile the translations

.venv/.translated: $(TRANSLATIONS) setup/compile_translations.py | $(INSTALLED)
	@$(BIN)/python setup/compile_translations.py
	@touch $@

words: $(INSTALLED_DEV) ## Print the sentences that have no translation yet
	@$(BIN)/python setup/missing_words.py

check: $(INSTALLED_DEV) translations ## Everything that can be judged without running the house: style, types, walls, words, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	REGULARS_HOME=$(CURDIR)/.mypy_cache/home $(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	REGULARS_HOME=$(CURDIR)/.mypy_cache/home $(BIN)/regulars check --dictionary-only
	$(BIN)/python -m pytest -q tests/house
	$(BIN)/mkdocs build --strict --quiet

test: $(INSTALLED_DEV) translations ## Run the tests, the slow ones and those in a real browser too (ARGS=path or -k words)
	@chromium=$$(setup/browser || true); \
	export REGULARS_CHROMIUM="$$chromium"; \
	if [ -n "$(ARGS)" ]; then exec $(BIN)/python -m pytest -m "" $(ARGS); fi; \
	$(BIN)/python -m pytest -m "not engine" --numprocesses=auto --dist=loadfile --no-loadscope-reorder || ended=$$?; \
	[ -n "$$chromium" ] || printf '\n%s\n' "*** BROWSER TESTS NOT RUN: no Chromium here. Install one, or set REGULARS_CHROMIUM. ***"; \
	exit $${ended:-0}

engines: $(INSTALLED_DEV) $(INSTALLED_BENCH) translations ## Run what takes minutes more: every bench in small, a shop's MariaDB, a full disk, what chance kills and sends
	@$(BIN)/python -m pytest -m engine --numprocesses=auto || ended=$$?; \
	PATH="$$PATH:/usr/sbin" command -v mariadbd > /dev/null || printf '\n%s\n' "*** MARIADB TESTS NOT RUN: no mariadbd here. Install mariadb-server. ***"; \
	exit $${ended:-0}

coverage: $(INSTALLED_DEV) translations ## Measure how much of the rules and doors the tests reach (half as long again as the tests themselves)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -m "not browser" --numprocesses=auto --dist=loadfile
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

bench: $(INSTALLED_BENCH) $(INSTALLED_PEER) translations ## Measure against peers, side by side (ARGS=rfm: one of them)
	$(BIN)/regulars bench $(ARGS)

docs: $(INSTALLED_DEV) ## Build the documentation into site-docs/
	$(BIN)/mkdocs build --strict

pictures: $(INSTALLED_DEV) translations ## Take the pictures in docs/ anew, from a demonstration of its own (ARGS=rfm: one page)
	$(BIN)/python setup/take_pictures.py $(ARGS)

lock: $(INSTALLED) ## Choose versions anew and write them down with their hashes
	@setup/lock

clean: ## Remove the environment and everything built; the data in .regulars stays
	rm -rf .venv build dist site-docs .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage* htmlcov
	find src -name '*.mo' -delete
