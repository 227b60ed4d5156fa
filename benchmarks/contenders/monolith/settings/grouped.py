"""The tuned monolith with group commit."""

from contenders.monolith.settings.tuned import *  # noqa: F403 - all but what follows

PLACE_ORDER = "contenders.monolith.grouped.place_together"
