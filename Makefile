# Everything that is done to the whole repository. `make` alone says what there is.
# It works with GNU make 3.81, as macOS has it, and needs Python 3.11 or later.

PYTHON ?= python3
PORT ?= 8080
INTERNAL_PORT ?= 8081
DATA_DIR ?= .data
ROLE ?= customer
SUBJECT ?= alice
MINUTES ?= 2
SEED ?=
DATABASE ?= postgresql
# What a run of `make prove` must have had, however long that takes: --faults 50 --kinds 8 --operations 5000
AT_LEAST ?=
NAME ?= clerk

SERVICES := product_service order_service
PROJECTS := $(SERVICES) tests_e2e
SERVICE ?= $(PROJECTS)
# What to test: a path inside one project. Without it, everything, on all cores.
T ?=
WORKERS := $(if $(T),0,auto)

READY := .venv/.ready
ALL_READY := $(PROJECTS:%=%/$(READY))
DATA := $(abspath $(DATA_DIR))
# Checks of a service need neither its secrets nor its database.
WITHOUT_SECRETS := DEBUG=true DATABASE_URL=sqlite://:memory:
CONTRACT := .venv/bin/python manage.py spectacular --validate --fail-on-warn
STACK := cd tests_e2e && exec .venv/bin/python -m stack

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo run traces token admin-user test test-long prove test-previous check release lock format contracts pages clean

help: ## Show this list
	@echo "make TARGET [NAME=value ...]"
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(ALL_READY) ## Make the virtual environments; again only when a lock file has changed

demo: $(ALL_READY) ## Start a shop on free ports, walk through it, check every answer, stop it
	@$(STACK) demo

run: $(ALL_READY) ## Keep a shop open until Ctrl-C [PORT=8080 INTERNAL_PORT=8081 DATA_DIR=.data]
	@$(STACK) run --port $(PORT) --internal-port $(INTERNAL_PORT) --data "$(DATA)"

traces: tests_e2e/$(READY) ## Print the traces that a shop sends here, as trees (docs/operations.md says how it does)
	@cd tests_e2e && exec .venv/bin/python -m stack.collector

token: tests_e2e/$(READY) ## Print a token for `make run` [ROLE=customer|staff SUBJECT=alice DATA_DIR=.data]
	@$(STACK) token --role "$(ROLE)" --subject "$(SUBJECT)" --data "$(DATA)"

admin-user: $(ALL_READY) ## Make a user of both admins of `make run` [NAME=clerk ASK=yes DATA_DIR=.data]
	@$(STACK) admin-user --name "$(NAME)" $(if $(ASK),--ask) --data "$(DATA)"

test: $(addprefix test-,$(SERVICE)) ## Check and test everything [SERVICE=order_service T=tests/test_x.py]

test-long: $(ALL_READY) ## Run the end-to-end tests that take minutes and that `make test` leaves out
	cd tests_e2e && .venv/bin/python -m pytest -m long $(T)

prove: $(ALL_READY) ## Let a shop live through faults and check what it did [MINUTES=2 SEED= DATABASE=postgresql]
	@cd tests_e2e && exec .venv/bin/python -m chaos run --minutes $(MINUTES) --database $(DATABASE) \
		$(if $(SEED),--seed $(SEED)) $(AT_LEAST) --out "$(DATA)/prove"

test-previous: $(ALL_READY) ## Test the last release of one service beside the other as it is [SERVICE=order_service]
	@cd tests_e2e && .venv/bin/python -m releases previous "$(SERVICE)" $(T)

check: $(addprefix check-,$(SERVICE)) ## Lint, types, import rules, migrations, contracts [SERVICE=order_service]

release: tests_e2e/$(READY) ## Write a release of one service down, commit and tag it [SERVICE=... VERSION=0.2.0]
	@cd tests_e2e && .venv/bin/python -m releases release "$(SERVICE)" "$(VERSION)"

lock: $(addprefix lock-,$(SERVICE)) ## Compile the lock files from pyproject.toml [SERVICE=... UPGRADE=--upgrade]

format: $(addprefix format-,$(SERVICE)) ## Let ruff format the code and mend what it can [SERVICE=...]

contracts: $(SERVICES:%=%/$(READY)) ## Write openapi.yaml of both services anew, after an interface has changed
	cd product_service && $(WITHOUT_SECRETS) $(CONTRACT) --file openapi.yaml
	cd product_service && $(WITHOUT_SECRETS) $(CONTRACT) --file openapi.public.yaml --custom-settings api.documentation.PUBLIC_ONLY
	cd order_service && $(WITHOUT_SECRETS) $(CONTRACT) --file openapi.yaml
	cp product_service/openapi.yaml order_service/tests/contracts/product_service.openapi.yaml

pages: tests_e2e/$(READY) ## Render docs/errors.md to the pages that the gateway serves
	@$(STACK) problem-pages

clean: ## Remove virtual environments and caches; the data of `make run` stays
	rm -rf $(PROJECTS:%=%/.venv)
	find . -type d \( -name __pycache__ -o -name ".*_cache" -o -name .hypothesis \) -prune -exec rm -rf {} +

# ---- how ---------------------------------------------------------------------------------------------------------

# Its messages go to standard error: `make token` prints a token and nothing else.
%/$(READY): %/requirements-dev.txt
	@echo "Setting up $* ..." >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=...")'
	@$(PYTHON) -m venv $*/.venv >&2
	@$*/.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $< >&2
	@touch $@

check-%: %/$(READY)
	cd $* && .venv/bin/ruff check . && .venv/bin/ruff format --check .
	cd $* && $(WITHOUT_SECRETS) .venv/bin/mypy .
	cd $* && .venv/bin/lint-imports
	cd $* && $(WITHOUT_SECRETS) .venv/bin/python manage.py makemigrations --check --dry-run
	cd $* && $(WITHOUT_SECRETS) .venv/bin/python -m tests.migration_lint

check-tests_e2e: tests_e2e/$(READY)
	cd tests_e2e && .venv/bin/ruff check . && .venv/bin/ruff format --check .
	cd tests_e2e && .venv/bin/mypy .
	cd tests_e2e && .venv/bin/python -m releases contracts
	cd tests_e2e && .venv/bin/check-jsonschema --builtin-schema vendor.github-workflows ../.github/workflows/*.yml
	cd tests_e2e && .venv/bin/check-jsonschema --builtin-schema vendor.github-actions ../.github/actions/*/action.yml
	cd tests_e2e && .venv/bin/zizmor --offline --quiet --no-progress ../.github

.PHONY: check-examples
check-order_service: check-examples
check-examples: order_service/$(READY)
	cd docs/examples && ../../order_service/.venv/bin/ruff check . && ../../order_service/.venv/bin/ruff format --check .
	cd order_service && .venv/bin/mypy --strict --config-file= ../docs/examples/*.py

test-%: $(if $(T),,check-%) %/$(READY)
	cd $* && .venv/bin/python -m pytest -n $(WORKERS) $(T)
	cd $* && .venv/bin/python -m pytest -n $(WORKERS) --database=postgresql $(T)

test-tests_e2e: $(if $(T),,check-tests_e2e) $(ALL_READY)
	cd tests_e2e && .venv/bin/python -m pytest $(T)

lock-%: %/$(READY)
	cd $* && .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		$(UPGRADE) pyproject.toml -o requirements.txt
	cd $* && .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		$(UPGRADE) pyproject.toml --group dev -o requirements-dev.txt
	$(if $(filter $*,$(SERVICES)),cd $* && .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate -c requirements-dev.txt pyproject.toml --group tracing -o requirements-tracing.txt)

format-%: %/$(READY)
	cd $* && .venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format --quiet .

include compose/compose.mk
include benchmarks/bench.mk
include tests_e2e/chaos/prove.mk
