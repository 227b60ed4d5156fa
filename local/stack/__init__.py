"""The whole shop on one machine, as real processes: what `make run`, `make demo` and the end-to-end tests start."""
