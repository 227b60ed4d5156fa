"""The actors of a run: customers, clerks, agents, visitors and a probe. Every request of theirs is in the history."""
