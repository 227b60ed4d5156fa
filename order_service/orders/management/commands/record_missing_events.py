"""Record events for what an earlier version did without any."""

from typing import Any

from django.core.management.base import BaseCommand

from orders.missing_events import record_missing_events


class Command(BaseCommand):
    help = (
        "Record an event for each order whose events do not say what its row says: it was placed or changed by a "
        "version that recorded none. Run it once all processes of such a version have ended."
    )

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Recorded {record_missing_events()} events.")
