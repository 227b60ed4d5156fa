"""Compare the orders with product_service's reservations and stock."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from orders import audit
from orders.audit import Drift
from products_client import ProductsError


class Command(BaseCommand):
    help = "Print every disagreement with product_service. Exit 1 if one was not repaired, 2 if the audit broke off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--confirm", action="store_true", help="finish promised orders")
        parser.add_argument("--repair", action="store_true", help="push the orders' desired quantities again (rule R7)")
        parser.add_argument("--release-orphans", action="store_true", help="release what is held for no order")

    def handle(self, **options: Any) -> None:
        found = repaired = 0
        try:
            for drift in audit.find_drift():
                found += 1
                done = self._repair(drift, **options)
                repaired += bool(done)
                self.stdout.write(f"{drift.kind}: {drift.description}{done and f' -> {done}'}")
        except (Error, ProductsError) as error:
            raise CommandError(f"The audit broke off: {str(error).strip()}", returncode=2) from error
        self.stdout.write(f"{found} drifts, {repaired} repaired" if found else "no drift")
        if found > repaired:
            sys.exit(1)

    def _repair(self, drift: Drift, *, confirm: bool, repair: bool, release_orphans: bool, **options: Any) -> str:
        if confirm and audit.confirm(drift):
            return "confirmed"
        if repair and audit.repair(drift):
            return "pushed again"
        if release_orphans and audit.release(drift):
            return "released"
        return ""
