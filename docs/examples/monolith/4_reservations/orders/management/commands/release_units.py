"""Give back the units of canceled and failed orders, as long as it runs."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from orders.reservations import release_units
from products_client import OutcomeUnknown


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *, once: bool, **options: Any) -> None:
        while True:
            try:
                release_units()
            except OutcomeUnknown as unknown:
                self.stderr.write(str(unknown))
            if once:
                return
            time.sleep(1)
