"""Reading the feed of order events as its readers do."""

import time

from orders import feed


def positions(count: int) -> list[feed.Position]:
    """
    Return the positions of so many events.

    They appear when all transactions that began earlier are over, also those of tests beside this one.
    """
    deadline = time.monotonic() + 20
    while True:
        generation, entries = feed.read(after=None, limit=1000)
        if len(entries) >= count or time.monotonic() > deadline:
            return [feed.Position(generation, entry.transaction, entry.id) for entry in entries]
        time.sleep(0.05)
