# One command for each thing one does here; `make` alone lists them.
# It needs Python 3.11 or newer and make; everything else is fetched by the targets.

PYTHON ?= python3
PORT ?= 5000
# What `make test` and `make faults` run: folders, files, or file::test.
T ?= tests
# How many processes the tests use, and further options for pytest.
N ?= 2
ARGS ?=

# Into which languages the texts are translated.
LANGUAGES := es

VENV := .venv
BIN := $(VENV)/bin
INSTALL := requirements/install $(VENV)
SOURCES := app tasks seeds migrations tests bench config.py wsgi.py
TYPED := app tasks seeds config.py wsgi.py
CATALOGS := $(patsubst %.po,%.mo,$(wildcard app/translations/*/LC_MESSAGES/*.po))

export FLASK_APP := wsgi
export PORT
# Compiled modules are kept, wherever this runs: without them each process takes seconds to start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test faults check fix bench seed serve production-check upgrade migrate shell worker beat \
	translations lock provision clean
.SUFFIXES:

help: ## Explain each target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/run.done $(CATALOGS) ## Create .venv with what the program needs

demo: setup ## Serve the demo world on PORT (5000)
	@$(BIN)/flask demo

test: setup $(VENV)/test.done provision ## Run the tests; T=tests/events runs a part, ARGS goes to pytest
	$(BIN)/python -m pytest -n $(N) --dist worksteal $(ARGS) $(T)

faults: setup $(VENV)/test.done provision ## Run the long tests that kill processes for real
	$(BIN)/python -m pytest -m faults $(ARGS) $(T)

check: setup $(VENV)/check.done ## Lint, format, types, import contract, dead code, requirements, translations
	$(BIN)/ruff check $(wildcard $(SOURCES))
	$(BIN)/ruff format --check $(wildcard $(SOURCES))
	$(BIN)/mypy $(wildcard $(TYPED))
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.shape.dead_code
	PYTHONWARNINGS=ignore $(BIN)/deptry .
	$(BIN)/python -m pytest -q tests/shape/test_translations.py

fix: $(VENV)/check.done ## Repair what ruff can repair, and format
	$(BIN)/ruff check --fix $(wildcard $(SOURCES))
	$(BIN)/ruff format $(wildcard $(SOURCES))

bench: setup $(VENV)/test.done provision ## Measure, and write var/bench.json
	$(BIN)/python -m bench

serve: setup ## Serve the whole program from this one machine, for production
	@$(BIN)/flask serve

production-check: setup ## Say what is missing before people may come
	@$(BIN)/flask production-check

upgrade: setup ## After fetching a new version: back up, migrate, check, start anew
	@$(BIN)/flask upgrade

migrate: setup ## Bring the database to the newest schema
	$(BIN)/flask db upgrade

seed: migrate ## Fill the database with reference data and the demo world
	$(BIN)/flask seed reference
	$(BIN)/flask seed demo

shell: setup ## Python prompt inside the program
	$(BIN)/flask shell

worker: setup ## Start a Celery worker (needs REDIS_URL)
	$(BIN)/celery -A tasks worker

beat: setup ## Start the one Celery beat (needs REDIS_URL)
	$(BIN)/celery -A tasks beat

translations: $(VENV)/test.done ## Collect texts from the code into the catalogs
	$(BIN)/pybabel --quiet extract -F pyproject.toml --no-location --sort-output \
		-k _l -k lazy_ngettext:1,2 --project Whereas --copyright-holder "The Whereas contributors" -o $(VENV)/messages.pot .
	$(foreach language,$(LANGUAGES),$(BIN)/pybabel --quiet update --init-missing \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
		-i $(VENV)/messages.pot -d app/translations -l $(language);)

lock: $(VENV)/run.done ## Write the requirement files anew; UPGRADE=1 takes newer versions
	@set -e; for name in installer run test check; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-header --no-emit-index-url $(if $(UPGRADE),--upgrade) \
			requirements/$$name.in -o requirements/$$name.txt; \
	done

clean: ## Remove .venv and the caches; var/, with its database, stays
	rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

provision: $(VENV)/test.done
	@$(BIN)/python -m tests.services.provision

$(VENV)/%.done: requirements/%.txt requirements/installer.txt requirements/install
	@PYTHON="$(PYTHON)" $(INSTALL) $<
	@touch $@

%.mo: %.po | $(VENV)/run.done
	@$(BIN)/pybabel --quiet compile -l $(word 3,$(subst /, ,$@)) -i $< -o $@
