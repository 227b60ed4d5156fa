# Proof by faults; docs/reliability.md says what is proved and how. It needs PostgreSQL's programs.

CHAOS := cd proof && exec .venv/bin/python -m chaos

.PHONY: mutants prove-mutants prove-publish
MODULE ?=
EVERY ?= 1

proof/.venv/.mutation: proof/requirements-mutation.txt proof/$(RUNS)
	@proof/.venv/bin/python $(PIP) install --require-hashes -r $<
	@touch $@

mutants: proof/.venv/.mutation $(SERVICES:%=%/$(READY)) $(patsubst %,%/$(READY),$(filter $(KIT),$(firstword $(subst /, ,$(MODULE))))) ## Name the changes of a module, or of ten core modules, that tests do not notice [MODULE=order_service/orders/reconciler.py EVERY=2 MINUTES=30 T=tests/test_x.py]
	@cd proof && exec .venv/bin/python -m mutation "$(MODULE)" --every $(EVERY) --tests "$(T)" \
		$(if $(filter command line,$(origin MINUTES)),--minutes $(MINUTES))

prove-mutants: $(SHOP_RUNS) proof/$(RUNS) ## Break the services on purpose, and check that runs find it [MUTANTS="no-revision no-tombstone"]
	@$(CHAOS) mutants $(MUTANTS)

prove-publish: proof/$(RUNS) ## Write the figures of the newest `make prove` to docs/reliability.md and docs/figures
	@$(CHAOS) publish --out "$(DATA)/prove"
