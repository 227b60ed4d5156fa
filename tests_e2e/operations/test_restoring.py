"""A database is restored by the commands of docs/operations.md: no units stay reserved without an order (R7)."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from driver.shop import Shop, unique
from driver.waiting import eventually
from operations import runbook
from operations.load import load
from stack.postgres import find_postgres
from stack.services import Service
from stack.stack import Database, Stack

pytestmark = pytest.mark.long  # a minute on a busy machine: most steps are commands that start Django

MANAGE = ".venv/bin/python manage.py"
OF_POSTGRESQL = {"back up": "pg_dump", "restore": "pg_restore", "move ids on": 'psql "$DATABASE_URL" -c "SELECT setval'}
OF_SQLITE = {
    "back up": "python3 -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute(",
    "restore": "rm -f order_service.sqlite3-wal",
    "move ids on": "python3 -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1], isolation_level=None)",
}
OF_POSTGRESQL_TO_READ = "pg_restore --data-only --table=orders_order --file=- order_service.dump"
BACKUPS = 10  # attempts to hit a moment at which an order is being placed
OVERDUE = 30.0  # seconds within which the orders of a backup are older than a running reconciler leaves any
SETTLED = 10.0  # seconds within which the reconciler has pushed what is due


class Scene:
    """A shop with one product, and a shell in which only commands of the runbook are run."""

    def __init__(self, stack: Stack, shop: Shop, database: Database) -> None:
        self.stack = stack
        self.customer = shop.actor("customer", "the customer")
        clerk = shop.actor("staff", "the clerk")
        self.ledger = shop.ledger
        self.product_id: int = clerk.create_product(name=unique("Desk lamp"), stock_quantity=100_000).json()["id"]
        self._of_database = OF_POSTGRESQL if database == "postgresql" else OF_SQLITE

    def place(self, quantity: int) -> int:
        order_id: int = self.customer.place_order(product_id=self.product_id, quantity=quantity).json()["id"]
        return order_id

    def manage(self, command: str, *, service: Service | None = None) -> tuple[int, str]:
        """Run a management command of the runbook. Return its status and what it printed."""
        chosen = service or self.stack.order_service
        done = runbook.run(runbook.command(f"{MANAGE} {command}"), folder=chosen.folder, env=chosen.environment)
        return done.returncode, done.stdout + done.stderr

    def back_up(self, service: Service) -> None:
        (self.stack.data / f"{service.name}.backup.sqlite3").unlink(missing_ok=True)
        self._with_data("back up", service)

    def restore(self, service: Service) -> None:
        self._with_data("restore", service)
        status, printed = self.manage("migrate --no-input", service=service)
        assert status == 0, printed

    def drifts(self) -> tuple[int, set[str]]:
        """The status of an audit, and the kinds of drift that it printed."""
        status, printed = self.manage("audit_reservations")
        return status, set(re.findall(r"^([a-z]+): ", printed, flags=re.MULTILINE))

    def undecided_in_backup(self) -> set[int]:
        """The ids of the orders that the backup of order_service shows `placing`."""
        if self._of_database is OF_SQLITE:
            with closing(sqlite3.connect(self.stack.data / "order_service.backup.sqlite3")) as backup:
                rows = backup.execute("SELECT id FROM orders_order WHERE placement = 'placing'")
                return {order_id for (order_id,) in rows}
        path = f"{find_postgres() or ''}:{os.environ['PATH']}"
        done = runbook.run(OF_POSTGRESQL_TO_READ, folder=self.stack.data, env={"PATH": path})
        return {int(line.split("\t")[0]) for line in done.stdout.splitlines() if "\tplacing\t" in line}

    def back_up_under_load(self) -> set[int]:
        """
        Back order_service up while customers order, until the backup shows orders undecided that were placed.

        :returns: their ids, which their customers were told.
        """
        for _ in range(BACKUPS):
            with load(self.customer, self.product_id) as seen:
                eventually(lambda seen=seen: len(seen.placed), (10).__le__, within=SETTLED)  # type: ignore[misc] # bound
                self.back_up(self.stack.order_service)
            self.wait_until_balanced()
            if promised := self.undecided_in_backup().intersection(seen.placed):
                return promised
        raise AssertionError(f"none of {BACKUPS} backups was made while an order was being placed")

    def repair(self) -> None:
        self.manage("audit_reservations --repair")
        status, printed = self.manage("run_reconciler --once")
        assert status == 0, printed

    def move_ids_on(self) -> None:
        """Skip the ids of lost orders, so that no new order gets them."""
        self._with_data("move ids on", self.stack.order_service)

    def wait_until_balanced(self) -> None:
        """Wait until the ledger balances."""
        eventually(lambda: self.ledger.of_product(self.product_id), lambda ledger: ledger.is_balanced, within=SETTLED)

    def _with_data(self, what: str, service: Service) -> None:
        line = runbook.command(self._of_database[what]).replace("order_service.", f"{service.name}.")
        path = f"{find_postgres() or ''}:{os.environ['PATH']}"
        done = runbook.run(line, folder=self.stack.data, env={**service.environment, "PATH": path})
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    database: Database = request.param
    if database == "postgresql":
        request.getfixturevalue("postgresql")
    with Stack(database=database) as stack:
        shop = Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
        yield Scene(stack, shop, database)
        shop.close()


def test_a_restored_order_service_reserves_for_its_orders_and_releases_the_rest(scene: Scene) -> None:
    kept, canceled = scene.place(1), scene.place(2)
    scene.wait_until_balanced()
    scene.back_up(scene.stack.order_service)
    scene.customer.cancel_order(canceled)
    scene.place(3)
    scene.wait_until_balanced()

    for part in ("reconciler", "order_service"):
        scene.stack.part(part).stop()
    scene.restore(scene.stack.order_service)
    assert scene.drifts() == (1, {"ahead", "orphan"})
    scene.repair()
    assert scene.manage("audit_reservations --release-orphans")[0] == 0
    scene.move_ids_on()
    assert scene.drifts() == (0, set())
    for part in ("order_service", "reconciler"):
        scene.stack.part(part).start()

    assert [scene.customer.get_order(order).json()["status"] for order in (kept, canceled)] == ["pending", "pending"]
    assert scene.ledger.of_product(scene.product_id).held == [1, 2]
    assert scene.place(1) > 1_000_000
    scene.wait_until_balanced()


def test_orders_that_a_backup_made_under_load_shows_undecided_are_kept(scene: Scene) -> None:
    promised = scene.back_up_under_load()

    for part in ("reconciler", "order_service"):
        scene.stack.part(part).stop()
    scene.restore(scene.stack.order_service)
    eventually(scene.drifts, lambda found: "promised" in found[1], within=OVERDUE)
    assert "confirmed" in scene.manage("audit_reservations --confirm")[1]
    scene.repair()
    assert scene.manage("audit_reservations --release-orphans")[0] == 0
    assert scene.drifts() == (0, set())
    for part in ("order_service", "reconciler"):
        scene.stack.part(part).start()

    kept = {order["id"] for order in scene.ledger.orders(scene.product_id)}
    assert promised <= kept
    scene.wait_until_balanced()


def test_a_restored_product_service_reserves_again_for_orders_placed_since_the_backup(scene: Scene) -> None:
    before = scene.place(1)
    scene.wait_until_balanced()
    scene.back_up(scene.stack.product_service)
    scene.customer.change_order(before, quantity=2)
    scene.place(2)
    scene.wait_until_balanced()

    for part in ("reconciler", "order_service", "product_service"):
        scene.stack.part(part).stop()
    scene.restore(scene.stack.product_service)
    scene.stack.part("product_service").start()
    assert scene.drifts() == (1, {"different", "missing"})
    scene.repair()
    assert scene.drifts() == (0, set())
    for part in ("order_service", "reconciler"):
        scene.stack.part(part).start()

    assert scene.ledger.of_product(scene.product_id).is_balanced
    assert scene.place(1)
    scene.wait_until_balanced()
