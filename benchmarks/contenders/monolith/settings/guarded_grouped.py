"""The tuned monolith with tokens, idempotency keys, a request log, and group commit."""

from contenders.monolith.settings.guarded import *  # noqa: F403 - all but what follows

PLACE_ORDER = "contenders.monolith.grouped.place_together"
