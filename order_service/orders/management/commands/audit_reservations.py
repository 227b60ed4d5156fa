"""Compare orders with product_service's reservations and stock."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import clients
from orders import audit
from orders.audit import Drift
from products_client import ProductsError


class Command(BaseCommand):
    help = "Print every disagreement with product_service; exit 1 if one was not mended, 2 if the audit broke off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="have the orders' quantities pushed again (rule R7)")
        parser.add_argument("--release-orphans", action="store_true", help="give back what is held for no order")

    def handle(self, *, repair: bool, release_orphans: bool, **options: Any) -> None:
        found = mended = 0
        try:
            for drift in audit.find_drift(clients.products()):
                found += 1
                done = self._mend(drift, repair=repair, release_orphans=release_orphans)
                mended += bool(done)
                self.stdout.write(f"{drift.kind}: {drift.what}{done and f' -> {done}'}")
        except ProductsError as error:
            raise CommandError(f"The audit broke off: {error}", returncode=2) from error
        self.stdout.write(f"{found} drifts, {mended} mended" if found else "no drift")
        if found > mended:
            sys.exit(1)

    def _mend(self, drift: Drift, *, repair: bool, release_orphans: bool) -> str:
        if repair and audit.repair(drift):
            return "pushed again"
        if release_orphans and audit.release(clients.products(), drift):
            return "released"
        return ""
