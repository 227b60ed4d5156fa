# The shop in containers; see compose/README.md. It needs docker with its compose and buildx plugins.

COMPOSE_DATA := $(DATA)/compose
SHOP_SECRETS := $(COMPOSE_DATA)/keys
export SHOP_SECRETS
export DOCKER_BUILDKIT := 1
# The hardened set-up alone. A bare `docker compose up` takes docker-compose.override.yml too, which makes it development's.
EMPTY :=
export COMPOSE_FILE := $(subst $(EMPTY) ,:,$(strip $(CURDIR)/docker-compose.yml \
	$(wildcard $(SERVICES:%=$(CURDIR)/%/deploy/service.compose.yml))))
# With the pages of problems that further services bring.
export SHOP_PROBLEM_PAGES := $(COMPOSE_DATA)/problems
up deploy: export VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
up deploy: export REVISION ?= $(shell git rev-parse HEAD 2>/dev/null || echo unknown)
ifneq ($(origin PORT),file)
export PORT # else it may come from .env
endif
# Where the gateway's public port is published.
OPEN_AT = $$(docker compose port gateway 8080)
# The gateway's internal listener, lent to tests.
SHOP_PROJECT := $(or $(COMPOSE_PROJECT_NAME),shop)
LEND_INTERNAL = SHOP=$(SHOP_PROJECT) docker compose --project-name $(SHOP_PROJECT)-internal-port \
	--file $(CURDIR)/compose/internal-port.yml

.PHONY: up stop down logs ps deploy test-compose test-development check-compose lock-development

up: local/$(RUNS) ## Build the images, start the shop in containers, wait until it is healthy [PORT=8080]
	@echo "This is the hardened set-up, docker-compose.yml. The one for development: docker compose up" >&2
	@test -e "$(SHOP_SECRETS)" || ! docker volume inspect $(SHOP_PROJECT)_product_database >/dev/null 2>&1 || { \
		echo "The databases of an earlier shop are here, but their passwords are gone ($(SHOP_SECRETS))." \
			"\`make down\` removes the databases; then \`make up\` begins anew." >&2; exit 1; }
	@cd local && PYTHONPATH=. .venv/bin/python ../compose/make_secrets.py "$(SHOP_SECRETS)"
	@cd local && .venv/bin/python -m commands.problem_pages "$(SHOP_PROBLEM_PAGES)"
	docker compose build
	docker compose up --detach
	@docker compose --progress quiet up --detach --no-recreate --wait gateway
	@docker compose exec -T product_service python manage.py load_sample_catalogue
	@echo
	@echo "The shop is open:  http://$(OPEN_AT)/api/v1/products/   http://$(OPEN_AT)/api/v1/orders/"
	@echo "Read and try it:   http://$(OPEN_AT)/docs/"
	@echo "A token:           make token [ROLE=staff]"
	@echo "Then:              make ps, make logs, make psql SERVICE=order_service, make deploy SERVICE=order_service, make stop, make down"

stop: ## Stop the containers; `make up` goes on with the same data
	docker compose --profile '*' stop

down: ## Remove the containers with their networks, data and secrets
	docker compose --profile '*' down --volumes --remove-orphans
	rm -rf "$(COMPOSE_DATA)"

logs: ## Follow the logs of all containers, or some [SERVICE=gateway]
	docker compose logs --follow --tail 100 $(if $(word 2,$(SERVICE)),,$(SERVICE))

ps: ## List the containers
	docker compose ps --all

deploy: ## Replace one service's containers without a pause [SERVICE=product_service VERSION= CONTEXT= IMAGE=]
	$(if $(filter-out $(SERVICES),$(SERVICE))$(word 2,$(SERVICE)),$(error Say which service: make deploy SERVICE=$(firstword $(SERVICES))))
	@$(PYTHON) compose/deploy.py $(SERVICE) --version "$(VERSION)" \
		$(if $(CONTEXT),--context "$(CONTEXT)") $(if $(IMAGE),--image "$(IMAGE)")

test-compose: tests_e2e/$(READY) $(SERVICES:%=%/$(READY)) ## Run the end-to-end tests against the containers of `make up` [T=containers/test_x.py]
	@$(LEND_INTERNAL) up --detach
	cd tests_e2e && E2E_PUBLIC_URL="http://$(OPEN_AT)" E2E_KEYS="$(SHOP_SECRETS)" E2E_COMPOSE=yes \
		E2E_INTERNAL_URL="http://$$($(LEND_INTERNAL) port internal_port 8081)" \
		.venv/bin/python -m pytest -p containers.selection $(T); \
		code=$$?; $(LEND_INTERNAL) down; exit $$code

test-development: tests_e2e/$(READY) order_service/$(READY) ## Start copies of the repository with `docker compose up`, edit one, add a service to another, and see what they answer
	cd tests_e2e && env -u COMPOSE_FILE E2E_DEVELOPMENT=yes .venv/bin/python -m pytest \
		containers/test_development.py containers/test_further_service.py

lock-development: tests_e2e/$(READY)
	tests_e2e/.venv/bin/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --no-annotate \
		-c order_service/requirements.txt compose/development/requirements.in -o compose/development/requirements.txt

check-local: check-compose
check-compose: local/$(READY)
	cd compose && ../local/.venv/bin/ruff check . && ../local/.venv/bin/ruff format --check .
	cd compose && MYPYPATH=../local ../local/.venv/bin/mypy --config-file ../local/pyproject.toml .
