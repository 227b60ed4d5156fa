"""The tuned monolith with the plain view."""

from contenders.monolith.settings.tuned import *  # noqa: F403 - all but the addresses

ROOT_URLCONF = "contenders.monolith.trimmed"
