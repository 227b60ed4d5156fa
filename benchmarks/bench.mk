# Benchmarks; docs/performance.md says what they showed. They need wrk and PostgreSQL's programs.

BENCH_READY := $(SHOP_RUNS) benchmarks/$(READY)
BENCH := cd benchmarks && PYTHONPATH=.:../local exec .venv/bin/python -m bench

.PHONY: bench bench-quick bench-tricks bench-compare check-benchmarks test-benchmarks

# Parts: topology orders hot alone pages mixed instances pythons sqlite cache memory scale. BUSY=yes: not idle.
bench: $(BENCH_READY) ## Measure everything and write docs/performance.md and its figures, in 40 minutes [PARTS="orders hot" BUSY=yes]
	@$(BENCH) all $(PARTS) $(if $(BUSY),--busy)

bench-quick: $(BENCH_READY) ## Place orders with the shop and three monoliths in turn, in under three minutes
	@$(BENCH) quick

# The patches are in benchmarks/tricks/.
bench-tricks: $(BENCH_READY) ## Measure what each trick gains, a minute each [TRICKS="keep_alive_worker" PAIRS=6]
	@$(BENCH) tricks $(TRICKS) $(if $(PAIRS),--pairs $(PAIRS))

bench-compare: $(BENCH_READY) ## Measure the working tree against a commit, in two minutes [BEFORE=1f3a70b PAIRS=12]
	@$(BENCH) before "$(BEFORE)" --pairs $(or $(PAIRS),12)

check-benchmarks: benchmarks/$(READY)
	cd benchmarks && .venv/bin/ruff check . && .venv/bin/ruff format --check .
	cd benchmarks && PYTHONPATH=.:../local .venv/bin/mypy .

test-benchmarks: check-benchmarks
	cd benchmarks && .venv/bin/python -m pytest $(T)

# With the services' versions, so that all contenders run on the same ones.
lock-benchmarks: benchmarks/$(READY)
	cd benchmarks && for group in "requirements.txt" "requirements-dev.txt --group dev"; do \
		.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
			-c ../order_service/requirements-dev.txt $(UPGRADE) pyproject.toml -o $$group || exit 1; done
