"""The usual port of a Django project to two services."""

from collections.abc import Sequence

from bench.contender import Contender, Ledger, Program, Site
from bench.gunicorn import Topology, gunicorn, migrate
from bench.load import BENCHMARKS
from bench.stores import PostgresStore, Tables

TOPOLOGY = Topology(2)  # for each of the two


def usual_port(site: Site) -> Contender:
    products, orders = _store(site, "products", table="products_product"), _store(site, "orders")
    return Contender(
        name="usual_port",
        title="usual port to two services",
        note=f"ModelViewSet and ModelSerializer, a new httpx client for each call, default settings, 2 + {TOPOLOGY}. "
        "Stock is read, then written: concurrent orders overwrite each other.",
        stores=[products, orders],
        programs=_programs,
        services={"product_service": "products", "order_service": "orders"},
        ledger=Ledger(
            orders=orders,
            products=products,
            count_orders="SELECT count(*) FROM orders_order",
            units_ordered="SELECT sum(quantity) FROM orders_order",
            units_left="SELECT sum(stock_quantity) FROM products_product",
        ),
    )


def _store(site: Site, project: str, *, table: str = "") -> PostgresStore:
    return PostgresStore(
        name=f"port_{project}",
        server=site.server,
        tables=Tables(
            command=migrate(f"contenders.usual_port.{project}.settings"),
            folder=BENCHMARKS,
            environment={"DATABASE": f"{site.server.folder}:port_{project}"},
            products=table,
        ),
    )


def _programs(site: Site) -> Sequence[Program]:
    return [
        gunicorn(
            project,
            settings=f"contenders.usual_port.{project}.settings",
            address=site.port(),
            topology=TOPOLOGY,
            environment={"DATABASE": site.database(f"port_{project}"), "PRODUCTS_URL": site.internal_url},
        )
        for project in ("products", "orders")
    ]
