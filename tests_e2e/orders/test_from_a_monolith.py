"""docs/from-a-monolith.md is walked, there and back at each step, while customers order."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from driver.shop import Shop
from driver.waiting import eventually
from orders.migration import LAMP, PRODUCTS, SETTLED, WITHDRAWN, Migration
from orders.migration_of_orders import move_the_orders, reservations, run_both
from orders.migration_page import EXAMPLE, Block, blocks
from orders.monolith import Monolith
from stack import keys
from stack.stack import Stack

NEW = 4  # a product that is created on the way
CREATE = "INSERT INTO products_product VALUES ({0}, 'Thing {0}', 19.90, {1}, true)"
WITHDRAW = f"UPDATE products_product SET is_active = false WHERE id = {WITHDRAWN}"  # noqa: S608 - a constant
DEADLOCK = {500, 503}


@pytest.fixture
def migration(postgresql: Path, tmp_path: Path) -> Iterator[Migration]:
    """A monolith that sells, and the services beside it, with nothing in them."""
    monolith_keys = make_monolith_keys(tmp_path)
    trusted = {"TRUSTED_SERVICE_MONOLITH": f"{monolith_keys.public_of('monolith')} reservations:write"}
    env = {"product_service": trusted, "order_service": {"ORDERS_OPEN_PER_OWNER_MAX": "0"}}
    with Stack(database="postgresql", env=env) as stack:
        shop = Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
        monolith = Monolith(
            stack,
            programs=postgresql,
            folder=tmp_path,
            env={
                "PRODUCTS_URL": stack.internal_url,
                "SERVICE_TOKEN_KEY_FILE": str(monolith_keys.private_of("monolith")),
                "TOKEN": keys.role_token(stack.keys, role="staff", subject="mover"),
                "MOVED": str(tmp_path),
            },
        )
        made = Migration(stack, shop, monolith, psql=postgresql, moved=tmp_path)
        made.migrate(0)
        for product_id, units in PRODUCTS.items():
            create(made, product_id, units)
        made.deploy(0)
        made.place(WITHDRAWN, 2)
        monolith.query(WITHDRAW)
        yield made
        monolith.close()
        shop.close()


def create(migration: Migration, product_id: int, units: int) -> None:
    migration.monolith.query(CREATE.format(product_id, units))


@pytest.mark.long
@pytest.mark.timeout(1200)  # ten minutes on a busy machine: most steps start Django
def test_the_page_leads_from_the_monolith_to_two_services_and_back_at_each_step(migration: Migration) -> None:
    with migration.buyers.buying():
        migration.check()
        plain_id(migration)
        one_module(migration)
        reads_first(migration)
        reservations(migration)
        run_both(migration)
        move_the_orders(migration)

    assert migration.commands.left == []


@pytest.mark.parametrize(
    "block", [block for block in blocks() if block.language == "python"], ids=lambda each: each.place
)
def test_the_code_on_the_page_is_the_code_of_the_example(block: Block) -> None:
    assert block.text in (EXAMPLE / block.place).read_text()


def plain_id(migration: Migration) -> None:
    migration.migrate(1)
    migration.deploy(1)
    migration.check(allowed=DEADLOCK)

    eventually(lambda: migration.run("migrate orders 0001").returncode, (0).__eq__, within=SETTLED)
    migration.deploy(0)
    migration.code = 0
    migration.check(allowed=DEADLOCK)

    migration.migrate(1)
    migration.deploy(1)
    migration.check(allowed=DEADLOCK)


def one_module(migration: Migration) -> None:
    migration.migrate(2)
    assert migration.do("grep") == "orders/catalogue.py\n"
    for release in (2, 1, 2):
        migration.deploy(release)
        migration.check()


def reads_first(migration: Migration) -> None:
    migration.migrate(3)
    move_products(migration)
    migration.deploy(3)
    migration.check()

    service_id = migration.service_ids[LAMP]
    migration.clerk.edit_product(service_id, price="24.90")
    eventually(lambda: price_of_a_new_order(migration), "24.90".__eq__, within=SETTLED)
    migration.stack.part("product_service").stop()
    answer = migration.monolith.place(owner=migration.customer.subject, product_id=LAMP)
    assert answer.status_code == 503
    migration.stack.part("product_service").start()
    migration.check()

    migration.do("export_products")
    migration.do("read_products")
    migration.deploy(2)
    assert price_of_a_new_order(migration) == "24.90"
    migration.check()

    migration.deploy(3)
    create(migration, NEW, 1)
    answer = migration.monolith.place(owner=migration.customer.subject, product_id=NEW)
    assert answer.json() == {"error": "NotSold"}
    move_products(migration)
    migration.place(NEW)
    migration.check()


def move_products(migration: Migration) -> None:
    for word in ("write_products", "import_products", "export_products", "read_products"):
        migration.do(word)
    migration.learn_ids()


def price_of_a_new_order(migration: Migration) -> str:
    order_id = migration.place(LAMP)
    return str(migration.monolith.list_orders(owner=migration.customer.subject)[order_id]["unit_price"])


def make_monolith_keys(folder: Path) -> keys.Keys:
    """The pair of keys that docs/operations.md makes."""
    made = keys.Keys(folder)
    keys.make_pair(made.private_of("monolith"), made.public_of("monolith"), name="monolith")
    return made
