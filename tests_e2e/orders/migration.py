"""The way from the monolith to two services: who takes orders, and whether all units are accounted for."""

import subprocess
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx

from driver.ledger import ProductLedger
from driver.shop import Actor, Shop
from driver.waiting import eventually
from orders.doors import Buyers, Place
from orders.migration_page import Commands
from orders.monolith import Monolith, Rows
from stack.stack import Stack

MONOLITH, ORDER_SERVICE = "monolith", "order_service"
PRODUCTS = {1: 100_000, 2: 5, 3: 10}  # units, by the monolith's id
LAMP, CHAIR, WITHDRAWN = PRODUCTS
SETTLED = 20.0  # seconds within which both reconcilers have pushed what is due
NO_UNITS = ProductLedger(adjusted=0, stock=0, held=[], promised=[])


@dataclass
class Migration:
    """A shop and a monolith, with customers who order all the time."""

    stack: Stack
    shop: Shop
    monolith: Monolith
    psql: Path
    moved: Path
    commands: Commands = field(default_factory=Commands)
    code: int = 0  # the release whose migrations were run
    is_imported: bool = False
    kept: int | None = None  # a pending order of the customer
    service_ids: dict[int, int] = field(default_factory=dict)  # of product_service, by the monolith's

    def __post_init__(self) -> None:
        self.customer = self.shop.actor("customer", f"customer-{uuid4()}")
        self.clerk = self.shop.actor("staff", f"clerk-{uuid4()}")
        buyer = self.shop.actor("customer", f"buyer-{uuid4()}")
        self.doors: dict[str, Place] = {
            MONOLITH: partial(self.monolith.place, owner=buyer.subject, product_id=LAMP),
            ORDER_SERVICE: lambda: self.place_there(buyer, LAMP),
        }
        self.buyers = Buyers({MONOLITH: self.doors[MONOLITH]})

    # ---- the page ------------------------------------------------------------------------------------------------

    def run(self, word: str) -> subprocess.CompletedProcess[str]:
        """Run the block of the page with this word in it, where it says."""
        block = self.commands.find(word)
        if block.place == "monolith":
            return self.commands.run(block, folder=self.monolith.release(self.code), env=self.monolith.env)
        service = self.stack.services[block.place]
        path = f"{self.psql}:{service.environment['PATH']}"
        env = {**service.environment, "PATH": path, "MOVED": str(self.moved)}
        return self.commands.run(block, folder=service.folder, env=env)

    def do(self, word: str) -> str:
        """Run a block of the page, which must succeed, and return what it printed."""
        done = self.run(word)
        assert done.returncode == 0, f"{word}: {done.stdout}{done.stderr}"
        return done.stdout

    def migrate(self, release: int) -> None:
        self.code = release
        eventually(lambda: self.monolith.manage(release, "migrate").returncode, (0).__eq__, within=SETTLED)

    def deploy(self, release: int) -> None:
        self.monolith.deploy(release, *([["release_units"]] if release == 4 else []))

    # ---- orders --------------------------------------------------------------------------------------------------

    def place(self, product_id: int, quantity: int = 1) -> int:
        """Place an order in the monolith, which must be taken, and return its id."""
        answer = self.monolith.place(owner=self.customer.subject, product_id=product_id, quantity=quantity)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def place_there(self, actor: Actor, product_id: int, quantity: int = 1) -> httpx.Response:
        """Place an order in order_service, of a product of the monolith."""
        return actor.place_order(product_id=self.service_ids[product_id], quantity=quantity, key=str(uuid4()))

    def learn_ids(self) -> None:
        rows = self.rows().products.items()
        self.service_ids = {product_id: row["service_id"] for product_id, row in rows if row["service_id"]}

    def trade(self) -> None:
        """Cancel an order that was placed before the last deploy; then place three orders, ship one, cancel one."""
        if self.kept is not None:
            assert self._change(self.kept, "cancel") == "canceled"
        assert self._change(self.place(LAMP, 2), "ship") == "shipped"
        assert self._change(self.place(LAMP, 3), "cancel") == "canceled"
        self.kept = self.place(LAMP, 4)

    def _change(self, order_id: int, verb: str) -> str:
        answer = self.monolith.change(order_id, verb, owner=self.customer.subject)
        assert answer.is_success, answer.text
        return str(self.monolith.list_orders(owner=self.customer.subject)[order_id]["status"])

    # ---- what must hold ------------------------------------------------------------------------------------------

    def check(self, *, allowed: AbstractSet[int] = frozenset({503})) -> None:
        """
        Orders are taken at every door that is open, none of them is lost, and the units add up.

        :param allowed: statuses of refusals since the last check.
        """
        before = {door: len(self.buyers.placed[door]) for door in self.buyers.doors}
        if MONOLITH in self.buyers.doors:
            self.trade()
        for door, count in before.items():
            eventually(lambda door=door: len(self.buyers.placed[door]), (count + 3).__le__, within=SETTLED)  # type: ignore[misc] # bound
        with self.buyers.paused():
            eventually(self.faults, lambda found: not found, within=SETTLED)
            assert {status for _, status in self.buyers.refusals} <= allowed, self.buyers.refusals
            self.buyers.refusals.clear()

    def rows(self) -> Rows:
        return self.monolith.rows()

    def faults(self) -> list[str]:
        """What does not add up."""
        rows = self.rows()
        lost = set(self.buyers.placed[MONOLITH]) - rows.orders.keys()
        return [f"orders {lost} are lost"] * bool(lost) + [
            fault for product_id in PRODUCTS for fault in self._faults_of(product_id, rows)
        ]

    def _faults_of(self, product_id: int, rows: Rows) -> list[str]:
        row = rows.products[product_id]
        service_id = row.get("service_id")
        there = self.shop.ledger.of_product(service_id) if service_id else NO_UNITS
        reserved_here = [] if self.is_imported else rows.units(product_id, reserved=True)
        reserved = sorted([*there.promised, *reserved_here])
        taken = sum(rows.units(product_id, reserved=False))
        units = row["stock_quantity"] + there.stock + sum(reserved) + taken
        facts = {
            "all units": units == PRODUCTS[product_id],
            "the ledger of product_service": there.adjusted == there.stock + sum(there.held),
            "the reservations": there.held == reserved,
        }
        return [f"{fact} of product {product_id}: {row}, {there}" for fact, holds in facts.items() if not holds]
