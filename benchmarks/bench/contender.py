"""A contender: its databases, its programs, and the check that its ledger is balanced."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stack.keys import Keys
from stack.ports import LOOPBACK, free_ports

from bench.server import DatabaseServer
from bench.stores import Store, copy_of


@dataclass(frozen=True)
class Site:
    """The place of a run: a folder, the database server, the keys, and the address of the internal gateway."""

    folder: Path
    server: DatabaseServer
    keys: Keys
    internal_url: str = ""

    def socket(self, name: str) -> str:
        return f"unix:{self.folder / name}.sock"

    def port(self) -> str:
        return f"{LOOPBACK}:{free_ports(1)[0]}"

    def database(self, store: str) -> str:
        """The folder of the server's socket and the name of a store's copy, with a colon between."""
        return f"{self.server.folder}:{copy_of(store)}"


@dataclass(frozen=True)
class Program:
    """
    One program of a contender.

    :param address: where it listens, in gunicorn's notation; empty if it does not.
    :param serves: the services of the shop for which the gateway uses it.
    """

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    address: str = ""
    serves: Sequence[str] = ()


@dataclass(frozen=True)
class Account:
    """The ledger at one moment: the number of orders, the units in them, and the units left."""

    orders: int
    ordered: int
    left: int

    def error_since(self, opening: "Account") -> int:
        """Units ordered less units taken from stock since then: 0 if the ledger is balanced."""
        return (self.ordered - opening.ordered) - (opening.left - self.left)


@dataclass(frozen=True)
class Ledger:
    """How to read what a contender sold and what is left: statements that return one number each."""

    orders: Store
    products: Store
    count_orders: str
    units_ordered: str
    units_left: str
    undecided: str = ""  # how many orders somebody must complete; empty where a transaction leaves none

    def count(self) -> int:
        return self.orders.number(self.count_orders)

    def count_undecided(self) -> int:
        return self.orders.number(self.undecided) if self.undecided else 0

    def read(self) -> Account:
        return Account(
            orders=self.count(),
            ordered=self.orders.number(self.units_ordered),
            left=self.products.number(self.units_left),
        )


@dataclass(frozen=True)
class Contender:
    """
    A design, and one way to run it.

    :param note: what a reader needs to know for judging the comparison.
    :param gateway: settings of the gateway on top of the usual ones.
    :param load: what is different for it in the setting of a comparison.
    """

    name: str
    title: str
    note: str
    stores: Sequence[Store]
    programs: Callable[[Site], Sequence[Program]]
    ledger: Ledger
    gateway: Mapping[str, str] = field(default_factory=dict)
    load: Mapping[str, Any] = field(default_factory=dict)
