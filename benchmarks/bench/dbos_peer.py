"""Order placement as a workflow of DBOS."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench import ours
from bench.contender import Contender, Program, Site
from bench.fastapi_peer import WORKERS, uvicorn
from bench.server import DatabaseServer
from bench.stores import PostgresStore, copy_of

PREFIX = "dbos_"


def dbos_peer(site: Site) -> Contender:
    shop = ours.on_postgresql(
        site,
        name="dbos",
        title="DBOS and FastAPI",
        note="Order placement as a durable workflow of DBOS, of two steps; its tables in the database of "
        f"orders, on the product_service of the FastAPI contender; {WORKERS} + {WORKERS} processes; no tokens or logs.",
        prefix=PREFIX,
    )
    orders, products = (_named(shop.stores, name) for name in ("order_service", "product_service"))
    orders = replace(orders, tables=replace(orders.tables, command=_migrated(orders, site)))
    ledger = replace(
        shop.ledger,
        orders=orders,
        undecided="SELECT count(*) FROM dbos.workflow_status WHERE status IN ('PENDING', 'ENQUEUED')",
    )
    return replace(shop, stores=[products, orders], programs=_programs, ledger=ledger)


def _named(stores: Sequence[object], name: str) -> PostgresStore:
    [found] = [store for store in stores if isinstance(store, PostgresStore) and store.name == PREFIX + name]
    return found


def _migrated(orders: PostgresStore, site: Site) -> list[str]:
    """The command that makes the shop's tables, and those of DBOS beside them."""
    dbos = Path(sys.executable).with_name("dbos")
    migrations = [orders.tables.command, [str(dbos), "migrate", "--sys-db-url", _url(site.server, orders.name)]]
    return ["sh", "-c", " && ".join(shlex.join(command) for command in migrations)]


def _programs(site: Site) -> Sequence[Program]:
    products, orders = (PREFIX + name for name in ("product_service", "order_service"))
    return [
        uvicorn(
            site,
            "product_service",
            module="contenders.fastapi_peer.products",
            environment={"DATABASE": site.database(products)},
        ),
        uvicorn(
            site,
            "order_service",
            module="contenders.dbos_peer.orders",
            environment={"DATABASE_URL": _url(site.server, copy_of(orders)), "EXECUTORS": str(site.folder)},
        ),
    ]


def _url(server: DatabaseServer, database: str) -> str:
    """The address of a database, for SQLAlchemy."""
    return server.url(database).replace("postgresql:", "postgresql+psycopg:")
