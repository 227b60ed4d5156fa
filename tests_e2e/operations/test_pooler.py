"""A shop behind PgBouncer in transaction mode, with the lines of docs/operations.md."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from driver.programs import lacking
from driver.shop import unique
from driver.waiting import eventually
from operations.own_database import make_server, open_shop, stack_on
from operations.runbook import OPERATIONS
from stack.environment import plain_environment
from stack.postgres import Cluster
from stack.registry import SERVICES
from stack.stack import Stack

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]

PORT = 6432  # names the socket's file; nothing listens on a network
SYNCED_WITHIN = 15.0  # seconds


def configuration(cluster: Cluster) -> str:
    """The documented lines, with a database for each service, and with the addresses of this machine."""
    text: str
    [text] = re.findall(r"```ini\n(.*?)```", OPERATIONS.read_text(), flags=re.DOTALL)
    [documented] = [line for line in text.splitlines() if line.startswith("orders = ")]
    databases = [documented.replace("orders", name).replace("db1", str(cluster.folder)) for name in SERVICES]
    users = cluster.folder / "users.txt"
    users.write_text("".join(f'"{name}" ""\n' for name in SERVICES))
    own = ["listen_addr =", f"listen_port = {PORT}", f"unix_socket_dir = {cluster.folder}"]
    trust = ["auth_type = trust", f"auth_file = {users}"]
    return text.replace(documented, "\n".join(databases)) + "\n".join([*own, *trust])


@pytest.fixture(scope="module")
def pooled_stack(postgresql: Path) -> Iterator[Stack]:
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin") or lacking(
        "PgBouncer was not found (apt-get install pgbouncer)"
    )
    cluster = make_server(postgresql)
    url = "postgresql:///{0}?host={1}&port={2}&user={0}"
    stack = stack_on(
        cluster,
        env={
            name: {"DATABASE_URL": url.format(name, cluster.folder, PORT), "DATABASE_POOLER": "transaction"}
            for name in SERVICES
        },
    )
    ini = cluster.folder / "pgbouncer.ini"
    ini.write_text(configuration(cluster))
    stack.assembly.add(
        "pgbouncer",
        [program, str(ini)],
        is_ready=(cluster.folder / f".s.PGSQL.{PORT}").exists,
        folder=cluster.folder,
        env=plain_environment(),
        user=cluster.user,
    ).start()
    with stack:
        yield stack


def log(stack: Stack, name: str) -> str:
    return stack.part(name).log.read_text()


def test_orders_are_placed_and_canceled_and_the_audit_reads_all_of_them(pooled_stack: Stack) -> None:
    shop = open_shop(pooled_stack)
    clerk, customer = shop.actor("staff", "clerk"), shop.actor("customer", f"customer-{uuid4()}")
    product_id = int(clerk.create_product(name=unique("Desk lamp"), stock_quantity=1_000).json()["id"])

    def order_and_cancel(_: int) -> tuple[int, int]:
        placed = customer.place_order(product_id=product_id, quantity=1, key=str(uuid4()))
        return placed.status_code, customer.cancel_order(placed.json()["id"]).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(order_and_cancel, range(64)))

    assert statuses == {(201, 200)}
    eventually(lambda: shop.ledger.of_product(product_id).is_balanced, bool, within=SYNCED_WITHIN)
    assert "no drift" in pooled_stack.order_service.run("audit_reservations")
    shop.close()


@pytest.mark.parametrize("name", [*SERVICES, "reconciler"])
def test_the_documented_timeouts_hold_as_the_process_sees_them(pooled_stack: Stack, name: str) -> None:
    assert "does not enforce our timeouts" not in log(pooled_stack, name)
