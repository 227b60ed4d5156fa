"""
The thread of each web process that deletes old reservations which hold nothing (docs/architecture.md, "Retention").

It works beside the requests: in small transactions, with a pause after each, and it waits for no lock.
"""

import threading
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import Error, connections

from inventory import metrics
from inventory.services import delete_old_reservations

log = structlog.get_logger(__name__)

BATCH = 500
PAUSE = 0.1  # seconds after a whole batch
INTERVAL = 60.0  # seconds between two searches


def start() -> None:
    """Start the thread. It ends with the process: what it has not committed is deleted later."""
    threading.Thread(target=run, args=[threading.Event()], name="retention", daemon=True).start()


def run(stopping: threading.Event) -> None:
    """Delete what is old, again and again, until stopped."""
    while True:
        is_more = _take_step()
        if stopping.wait(PAUSE if is_more else INTERVAL):
            return


def _take_step() -> bool:
    """Delete one batch. Return whether there may be more; if the database is unavailable, the next search finds it."""
    try:
        deleted = delete_old_reservations(age=timedelta(hours=settings.RETENTION_HOURS), limit=BATCH)
    except Error as error:
        log.warning("database unavailable", reason=str(error).strip())
        deleted = 0
    metrics.DELETED.inc(deleted)
    if deleted < BATCH:
        connections.close_all()  # this thread's own; requests need them more
    return deleted == BATCH
