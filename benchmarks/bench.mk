# Benchmarks; docs/performance.md says what they showed. They need wrk and PostgreSQL's programs.

BENCH_READY := benchmarks/$(READY) $(ALL_READY)
BENCH := cd benchmarks && PYTHONPATH=.:../tests_e2e exec .venv/bin/python -m bench

.PHONY: bench bench-quick

bench: $(BENCH_READY) ## Measure everything and write docs/performance.md anew (most of an hour)
	@$(BENCH) all

bench-quick: $(BENCH_READY) ## Place orders with the shop and two monoliths in turn (under three minutes)
	@$(BENCH) quick
