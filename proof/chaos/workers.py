"""Which processes of a part are its workers."""

from contextlib import suppress

import psutil

from stack.part import Part

GONE = (psutil.NoSuchProcess, psutil.ZombieProcess)
# A part of the titles of those processes that serve clients.
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
