# Every command of the project; CI and the pre-commit hooks call these same targets. Start with: make demo
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STEP := tools/step.sh
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
NPM_PATH := $(PATH):$(CURDIR)/$(BIN)
ENGINES := $(filter-out src/cupola/web src/cupola/cli src/cupola/__main__.py,$(wildcard src/cupola/*.py src/cupola/*/__init__.py))
TRANSLATIONS := $(wildcard src/cupola/web/locale/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test check fix bench prove docs sbom lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

# ---- set-up: each stamp is newer than what it was made from, so a second run does nothing

$(VENV)/made: tools/venv.py
	@test -x $(BIN)/python || $(STEP) "Making a virtual environment" $(PYTHON) tools/venv.py $(VENV)
	@touch $@

$(VENV)/packages: requirements/dev.txt pyproject.toml | $(VENV)/made
	@$(STEP) "Installing the locked packages" $(PIP) --require-hashes --requirement requirements/dev.txt
	@$(STEP) "Installing Cupola itself" $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# the peer that `make bench` measures the query API against, away from our own packages
$(VENV)-bench/packages: requirements/bench.txt tools/venv.py
	@test -x $(VENV)-bench/bin/python || $(STEP) "Making an environment for the benchmark's peer" $(PYTHON) tools/venv.py $(VENV)-bench
	@$(STEP) "Installing the peer" $(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/bench.txt
	@touch $@

$(VENV)/assets: package-lock.json tools/assets.py requirements/node.txt | $(VENV)/packages
	@command -v npm >/dev/null || $(STEP) "Installing npm" $(PIP) --require-hashes --requirement requirements/node.txt
	@PATH="$(NPM_PATH)" $(STEP) "Installing the page assets" npm ci --ignore-scripts --no-audit --no-fund
	@$(STEP) "Copying the page assets" $(BIN)/python tools/assets.py
	@touch $@

$(VENV)/translations: $(TRANSLATIONS) tools/translations.py | $(VENV)/packages
	@$(STEP) "Compiling the translations" $(BIN)/python tools/translations.py
	@touch $@

setup: $(VENV)/packages $(VENV)/assets $(VENV)/translations ## install everything this folder needs, into this folder
	@:

# ---- use

demo: setup ## make the example city and serve it
	@$(BIN)/cupola demo

serve: setup ## serve the home in CUPOLA_HOME (default .cupola)
	@$(BIN)/cupola serve

# ---- develop

test: setup ## every test; those on real data need CUPOLA_TEST_DATA
	@$(BIN)/python -m compileall -q src # else every command the tests start compiles hundreds of modules again, where no bytecode is written
	@$(BIN)/python -m pytest tests --numprocesses auto --dist loadfile --no-loadscope-reorder

check: export CUPOLA_HOME := $(CURDIR)/$(VENV)/check-home # settings keep a key in the home; not in the developer's
check: setup ## lint, layers, types, migrations and the rules no linter knows
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted; make fix does it:"; $(BIN)/ruff format --check . ; exit 1; }
	@$(STEP) "Layers" $(BIN)/lint-imports
	@$(STEP) "Types" $(BIN)/mypy
	@$(STEP) "Migrations" $(BIN)/python -m django makemigrations --check --dry-run --settings cupola.web.settings
	@$(BIN)/python -m pytest tests/test_repository.py

fix: setup ## repair what lint and format can repair
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

bench: setup $(VENV)-bench/packages ## measure against plain DuckDB and Datasette, side by side
	@$(BIN)/python -m bench

prove: setup ## the long proofs (kills, soaks, detectors), into docs/proofs.md and docs/privacy.md
	@$(BIN)/python -m pytest tests/proofs --full-proofs
	@$(BIN)/python tools/privacy.py
	@$(BIN)/python tools/titles.py

docs: setup ## write docs/reference again from the code
	@$(BIN)/python tools/reference.py

sbom: setup ## write the bill of materials from the locks
	@$(BIN)/python tools/sbom.py

lock: setup ## lock the newest versions that fit pyproject.toml and package.json
	@$(BIN)/python tools/lock.py --upgrade
	@PATH="$(NPM_PATH)" npm update --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund --silent
	@$(BIN)/python tools/sbom.py

clean: ## remove what set-up made; homes and data stay
	@rm -rf $(VENV) $(VENV)-bench node_modules src/cupola/web/ui/static/uswds src/cupola/web/ui/static/maplibre .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
