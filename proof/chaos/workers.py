"""Which processes of a part do its work."""

from contextlib import suppress

import psutil

from stack.part import Part

GONE = (psutil.NoSuchProcess, psutil.ZombieProcess)
# What stands in the titles of those that serve clients; the others keep house.
TITLES = {"gateway": "worker process", "order_service-database": "[local]", "product_service-database": "[local]"}


def workers(part: Part) -> list[psutil.Process]:
    """Return a part's workers; of a database, the processes that serve clients."""
    found = []
    with suppress(*GONE):
        for child in psutil.Process(part.pid).children():
            with suppress(*GONE):
                if TITLES.get(part.name, "") in " ".join(child.cmdline()):
                    found.append(child)
    return found
