# Proof by faults; docs/reliability.md says what is proved and how. It needs PostgreSQL's programs.

CHAOS := cd proof && exec .venv/bin/python -m chaos

.PHONY: prove-mutants prove-publish

prove-mutants: $(SHOP_RUNS) proof/$(RUNS) ## Break the services on purpose, and check that runs find it [MUTANTS="no-revision no-tombstone"]
	@$(CHAOS) mutants $(MUTANTS)

prove-publish: proof/$(RUNS) ## Write the figures of the newest `make prove` to docs/reliability.md
	@$(CHAOS) publish --out "$(DATA)/prove"
