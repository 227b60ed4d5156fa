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
# Which shop a command is meant for, if two run.
SHOP ?=
# Ports for a debugger, in `make run`; RELOAD=no runs the code as it is at the start.
DEBUG_PORTS ?=
RELOAD ?=

# services.toml is the one list of services.
SERVICES := $(shell $(PYTHON) -c 'import tomllib; print(*tomllib.load(open("services.toml", "rb")))' 2>/dev/null)
$(if $(SERVICES),,$(error Python 3.11 or later is needed: make PYTHON=...))
KIT := $(patsubst %/pyproject.toml,%,$(wildcard service_kit/pyproject.toml))
PROJECTS := $(KIT) $(SERVICES) local proof tests_e2e
SERVICE ?= $(PROJECTS)
ONE_SERVICE = $(if $(word 2,$(SERVICE)),,$(SERVICE))
# What a project uses from its folder, beside the packages of its lock files.
USED := $(foreach service,$(SERVICES),$(service)=$(KIT)) tests_e2e=local proof=local
used = $(patsubst $(1)=%,%,$(filter $(1)=%,$(USED)))
# The kit is installed into its own environment too: its sample service finds it there.
installed = $(or $(call used,$*),$(filter $(KIT),$*))
# What to test: a path inside one project. Without it, everything, on all cores.
T ?=
workers = $(if $(T),0,$(shell $(PYTHON) -c 'import os; print(os.cpu_count() + $(1))'))
# Tests that start processes often wait for them: more workers than there are cores work meanwhile.
WORKERS = $(call workers,$(if $(filter $(KIT),$*),1,0)) --dist worksteal
SHOP_WORKERS = $(call workers,2)

# A virtual environment has what its project needs to run, then what its checks and tests need too.
RUNS := .venv/.runs
READY := .venv/.ready
SHOP_RUNS := $(SERVICES:%=%/$(RUNS)) local/$(RUNS)
ALL_READY := $(PROJECTS:%=%/$(READY))
# One pip for all of them: to install it anew into each takes as long as half of their packages.
# The other's Python runs it: `pip --python` would start a second pip, and show a traceback at Ctrl-C. So would `-m venv`.
PIP := .venv/lib/python3*/site-packages/pip --quiet --disable-pip-version-check
VENV := $(PYTHON) -c "from signal import *; signal(SIGINT, SIG_DFL); import venv; venv.main()"
# An environment works only where it was made, not in a folder that was moved or copied, or that a container sees elsewhere.
MOVED := $(shell for each in .venv $(PROJECTS:%=%/.venv); do \
	made=$$(sed -n 's/^command = .* -m venv [^/]*//p' $$each/pyvenv.cfg 2>/dev/null); \
	test -h $$each || test -z "$$made" || test $$each -ef "$$made" || echo $$each; done)
$(if $(word 2,$(DATA_DIR)),$(error DATA_DIR must not hold a space: $(DATA_DIR)))
DATA := $(abspath $(or $(DATA_DIR),.data))
# Checks of a service need neither its secrets nor its database.
WITHOUT_SECRETS := DEBUG=true DATABASE_URL=sqlite://:memory:
CONTRACT := .venv/bin/python manage.py spectacular --validate --fail-on-warn
STACK := cd local && exec .venv/bin/python -m commands

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup service compose-files demo run debug traces token admin-user psql test test-long prove test-previous check release lock format contracts pages clean

help: ## Show this list
	@echo "make TARGET [NAME=value ...]"
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(ALL_READY) ## Make the virtual environments; again only when a lock file has changed

service: local/$(RUNS) order_service/$(READY) ## Write a further service: its folder and its entry in services.toml [NAME=shipping FOLLOWS=orders]
	@$(STACK) service --name "$(if $(filter file,$(origin NAME)),,$$NAME)" --follows "$$FOLLOWS"

compose-files: local/$(RUNS) ## Have .env name the compose files of further services, after a clone or when one was removed
	@$(STACK) compose-files

demo: $(SHOP_RUNS) ## Start a shop on free ports, walk through it, check every answer, stop it
	@$(STACK) demo

run: $(SHOP_RUNS) $(if $(DEBUG_PORTS),$(SERVICES:%=%/$(READY))) ## Keep a shop open until Ctrl-C, with the code as you save it [PORT=8080 INTERNAL_PORT=8081 DATA_DIR=.data DEBUG_PORTS=yes]
	@$(STACK) run --port $(PORT) --internal-port $(INTERNAL_PORT) --data "$(DATA)" $(if $(DEBUG_PORTS),--debug-ports) $(if $(filter no,$(RELOAD)),--no-reload)

debug: local/$(RUNS) ## Run a part of `make run` in this terminal, where breakpoint() works [SERVICE=order_service|reconciler DATA_DIR=.data]
	@$(STACK) debug --part "$(ONE_SERVICE)" --data "$(DATA)"

traces: local/$(READY) ## Print the traces that a shop sends here, as trees (docs/operations.md says how it does)
	@cd local && exec .venv/bin/python -m commands.collector

token: local/$(RUNS) ## Print a token for the shop that runs [ROLE=customer|staff SUBJECT=alice SHOP=local|containers]
	@$(STACK) token --role "$(ROLE)" --subject "$(SUBJECT)" --data "$(DATA)" --shop "$(SHOP)"

admin-user: local/$(RUNS) ## Make a user of both admins of the shop that runs [NAME=clerk ASK=yes SHOP=local|containers]
	@$(STACK) admin-user --name "$(NAME)" $(if $(ASK),--ask) --data "$(DATA)" --shop "$(SHOP)"

psql: local/$(RUNS) ## Open the database of a service of the shop that runs [SERVICE=order_service SHOP=local|containers]
	@$(STACK) psql --service "$(ONE_SERVICE)" --data "$(DATA)" --shop "$(SHOP)"

test: $(addprefix test-,$(SERVICE)) ## Check and test everything [SERVICE=order_service T=tests/test_x.py]

test-long: $(patsubst %,long-%,$(filter order_service proof tests_e2e,$(SERVICE))) ## Run the tests that take minutes and that `make test` leaves out [SERVICE=proof T=]

prove: $(SHOP_RUNS) proof/$(RUNS) ## Run a shop under faults and check its history [MINUTES=2 SEED= DATABASE=postgresql]
	@cd proof && exec .venv/bin/python -m chaos run --minutes $(MINUTES) --database $(DATABASE) \
		$(if $(SEED),--seed $(SEED)) $(AT_LEAST) --out "$(DATA)/prove"

test-previous: $(ALL_READY) ## Test the last release of one service beside the other as it is [SERVICE=order_service]
	@cd tests_e2e && .venv/bin/python -m releases previous "$(SERVICE)" $(T)

check: $(addprefix check-,$(SERVICE)) ## Lint, types, import rules, migrations, contracts, documents [SERVICE=order_service]

release: tests_e2e/$(READY) ## Write a release of one service down, commit and tag it [SERVICE=... VERSION=0.2.0]
	@cd tests_e2e && .venv/bin/python -m releases release "$(SERVICE)" "$(VERSION)"

lock: $(addprefix lock-,$(SERVICE)) ## Compile the lock files from pyproject.toml [SERVICE=... UPGRADE=--upgrade]

format: $(addprefix format-,$(SERVICE)) ## Format the code with ruff and fix what it can [SERVICE=...]

contracts: $(SERVICES:%=contract-%) ## Write openapi.yaml of every service anew, after an interface has changed
	cp product_service/openapi.yaml order_service/tests/contracts/product_service.openapi.yaml

pages: local/$(READY) ## Render docs/errors.md to the pages that the gateway serves
	@cd local && exec .venv/bin/python -m commands.problem_pages

clean: ## Remove virtual environments and caches; the data of `make run` stays
	rm -rf .venv $(PROJECTS:%=%/.venv) $(PROJECTS:%=%/node_modules)
	find . -type d \( -name __pycache__ -o -name ".*_cache" -o -name .hypothesis \) -prune -exec rm -rf {} +

contract-%: %/$(READY)
	cd $* && $(WITHOUT_SECRETS) $(CONTRACT) --file openapi.yaml
	cd $* && { [ ! -e openapi.public.yaml ] || $(WITHOUT_SECRETS) $(CONTRACT) --file openapi.public.yaml \
		--custom-settings service_kit.contract.documentation.PUBLIC_ONLY; }

# ---- how ---------------------------------------------------------------------------------------------------------

# The messages of these go to standard error: `make token` prints a token and nothing else.
# pip is the last that comes into it: an environment whose making was killed is made again.
.venv/bin/pip:
	@echo "Setting up pip ..." >&2
	@$(VENV) .venv $(if $(filter .venv,$(MOVED)),--clear) >&2

.PHONY: moved
$(patsubst %,%/bin/pip,$(filter .venv,$(MOVED))) $(patsubst %,%/.runs,$(filter-out .venv,$(MOVED))): moved

# Without --no-compile all modules of all packages would be compiled, and a shop imports a third of them.
define set_up
	@echo "Setting up $* ..." >&2
	@$(VENV) --without-pip $*/.venv $(if $(filter $*/.venv,$(MOVED)),--clear) >&2
	@$*/.venv/bin/python $(PIP) install --no-compile --require-hashes -r $< >&2
	@$(if $(installed),$*/.venv/bin/python $(PIP) install --no-deps --no-build-isolation --editable $(installed) >&2)
	@touch $@
endef

# A service has what its image has.
$(SERVICES:%=%/$(RUNS)): %/$(RUNS): %/requirements-tracing.txt | .venv/bin/pip
	$(set_up)

%/$(RUNS): %/requirements.txt | .venv/bin/pip
	$(set_up)

%/$(READY): %/requirements-dev.txt %/$(RUNS)
	@echo "Adding what checks and tests of $* need ..." >&2
	@$*/.venv/bin/python $(PIP) install --require-hashes -r $< >&2
	@touch $@

.PRECIOUS: %/$(RUNS)

# Packages of node, where npm is installed: a validator for the kit and the services, generators of clients for tests_e2e.
NODE_PACKAGES := node_modules/.package-lock.json
node = $(if $(shell command -v npm 2>/dev/null),$(1)/$(NODE_PACKAGES))
$(KIT:%=%/$(READY)) $(SERVICES:%=%/$(READY)): | $(call node,$(KIT))
tests_e2e/$(READY): | $(call node,tests_e2e)

%/$(NODE_PACKAGES): %/package-lock.json
	@echo "Adding packages of node for $* ..." >&2
	@cd $* && npm ci --silent >&2
	@touch $@

lint-%: %/$(READY)
	cd $* && .venv/bin/ruff check . && .venv/bin/ruff format --check .
	cd $* && $(WITHOUT_SECRETS) .venv/bin/mypy .
	cd $* && .venv/bin/lint-imports

$(SERVICES:%=check-%): check-%: lint-%
	cd $* && $(WITHOUT_SECRETS) .venv/bin/python manage.py makemigrations --check --dry-run
	cd $* && $(WITHOUT_SECRETS) .venv/bin/python -m service_kit.database.migration_lint

$(KIT:%=check-%) check-local check-proof: check-%: lint-%

# What people wrote, new files too; and the documents among it.
TEXTS := git grep -Ilz --untracked "" --
WRITTEN := $(TEXTS) .. ':!/*requirements*.txt' ':!/*package-lock.json' ':!/*glossary.txt'
DOCUMENTS := $(TEXTS) '../*.md'
check-tests_e2e: lint-tests_e2e
	cd tests_e2e && .venv/bin/python -m releases contracts
	cd tests_e2e && .venv/bin/check-jsonschema --builtin-schema vendor.github-workflows ../.github/workflows/*.yml
	cd tests_e2e && .venv/bin/check-jsonschema --builtin-schema vendor.github-actions ../.github/actions/*/action.yml
	cd tests_e2e && .venv/bin/zizmor --offline --quiet --no-progress ../.github
	cd tests_e2e && $(WRITTEN) | xargs -0 .venv/bin/typos --config pyproject.toml
	cd tests_e2e && $(WRITTEN) | xargs -0 .venv/bin/codespell
	cd tests_e2e && $(DOCUMENTS) | xargs -0 .venv/bin/codespell --dictionary documents/glossary.txt
	cd tests_e2e && $(DOCUMENTS) | xargs -0 .venv/bin/rumdl check --no-cache --quiet --config pyproject.toml
	cd tests_e2e && .venv/bin/python -m documents

.PHONY: check-examples
check-order_service: check-examples
check-examples: order_service/$(READY)
	cd docs/examples && ../../order_service/.venv/bin/ruff check . && ../../order_service/.venv/bin/ruff format --check .
	cd order_service && .venv/bin/mypy --strict --config-file= ../docs/examples/*.py

.PHONY: check-pictures pictures screenshots
check-order_service: check-pictures
check-pictures: order_service/$(READY)
	cd docs/pictures && ../../order_service/.venv/bin/ruff check . && ../../order_service/.venv/bin/ruff format --check .
	cd order_service && .venv/bin/mypy --strict --config-file= ../docs/pictures/draw.py
	order_service/.venv/bin/python docs/pictures/draw.py --check

pictures: order_service/$(READY) ## Draw the pictures anew that are made from the code and the documents
	order_service/.venv/bin/python docs/pictures/draw.py

screenshots: tests_e2e/$(READY) $(SERVICES:%=%/$(RUNS)) ## Take the screenshots of the documents anew, from a shop that it starts
	cd tests_e2e && .venv/bin/python -m browser.screenshots

$(KIT:%=test-%) $(SERVICES:%=test-%): test-%: $(if $(T),,check-%) %/$(READY)
	cd $* && .venv/bin/python -m pytest -n $(WORKERS) $(T)
	cd $* && .venv/bin/python -m pytest -n $(WORKERS) --database=postgresql $(T)

# These start shops: the tests of a file share one. The longest files come early, in the order of their names or by conftest.py.
test-local test-tests_e2e test-proof: test-%: $(if $(T),,check-%) %/$(READY) $(SERVICES:%=%/$(RUNS))
	cd $* && .venv/bin/python -m pytest -n $(SHOP_WORKERS) --dist loadfile --no-loadscope-reorder $(T)

# A debugger attaches to a service, and the examples are checked with the types of its packages.
test-tests_e2e: $(SERVICES:%=%/$(READY))

long-order_service: ON_DATABASE := --database=postgresql
long-%: %/$(READY) $(SERVICES:%=%/$(RUNS))
	cd $* && .venv/bin/python -m pytest -m long $(ON_DATABASE) $(T)

COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
# A project is locked together with what it uses from its folder; a service has the kit's groups besides its own.
uses = $(patsubst %,../%/pyproject.toml,$(call used,$(1)))
group = $(patsubst %,--group ../%/pyproject.toml:$(2),$(filter $(KIT),$(call used,$(1))))
lock-%: %/$(READY)
	cd $* && $(COMPILE) $(UPGRADE) $(call uses,$*) pyproject.toml -o requirements.txt
	cd $* && $(COMPILE) $(UPGRADE) $(call uses,$*) pyproject.toml --group dev $(call group,$*,testing) -o requirements-dev.txt
	$(if $(filter $*,$(SERVICES)),cd $* && $(COMPILE) -c requirements-dev.txt \
		$(call uses,$*) pyproject.toml --group tracing $(call group,$*,tracing) -o requirements-tracing.txt)
	$(if $(filter proof,$*),cd $* && $(COMPILE) -c requirements-dev.txt --group mutation -o requirements-mutation.txt)

format-%: %/$(READY)
	cd $* && .venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format --quiet .

include compose/compose.mk
include benchmarks/bench.mk
include proof/prove.mk
