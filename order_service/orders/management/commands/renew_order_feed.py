"""Begin another feed of order events, after a restore."""

from typing import Any

from django.core.management.base import BaseCommand

from orders.feed import renew


class Command(BaseCommand):
    help = (
        "After the database was restored: begin another feed with the events that there are. "
        "Services that follow it get `position-gone`, and must begin anew."
    )

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"This is {renew()} now.")
