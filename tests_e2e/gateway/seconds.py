"""The clock's seconds: the gateway keeps an answer to the end of the one in which it was asked for."""

import time

MARGIN = 0.02  # seconds: another process may look at the clock a little late


def until_the_next_second() -> None:
    """Return when a second of the clock has just begun, so that what follows fits into it."""
    time.sleep(1 - time.time() % 1 + MARGIN)
