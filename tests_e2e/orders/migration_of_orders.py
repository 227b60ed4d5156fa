"""Steps 4 to 6 of docs/from-a-monolith.md: the stock moves, then the orders."""

from concurrent.futures import ThreadPoolExecutor

from driver.waiting import eventually
from orders.migration import CHAIR, LAMP, MONOLITH, ORDER_SERVICE, PRODUCTS, SETTLED, WITHDRAWN, Migration


def reservations(migration: Migration) -> None:
    migration.migrate(4)
    migration.deploy(4)
    migration.check()

    die_while_moving(migration)
    migration.do("move_stock 1")
    migration.check()
    refuse_the_withdrawn(migration)
    migration.do("move_stock\n")
    migration.check()
    time_out(migration)

    migration.do("move_stock --back")
    assert migration.rows().products[LAMP]["stock_is"] == "here"
    migration.check()
    finish_reserved_orders(migration)
    migration.do("move_stock --back")
    migration.deploy(3)
    migration.check()

    migration.deploy(4)
    migration.do("move_stock\n")
    migration.check()


def die_while_moving(migration: Migration) -> None:
    """The move ends half-way: the product is not sold until the command is repeated, and nothing is lost."""
    migration.stack.part("product_service").stop()
    assert migration.run("move_stock 1").returncode == 1
    migration.stack.part("product_service").start()
    assert migration.rows().products[LAMP]["stock_is"] == "leaving"
    assert "first repeat `move_stock 1`" in migration.run("move_stock --back").stderr
    assert migration.monolith.place(owner=migration.customer.subject, product_id=LAMP).status_code == 503


def refuse_the_withdrawn(migration: Migration) -> None:
    refused = migration.run("move_stock\n")
    assert refused.returncode == 1
    assert f"Is product {WITHDRAWN} on sale?" in refused.stderr
    migration.clerk.edit_product(migration.service_ids[WITHDRAWN], is_active=True)


def time_out(migration: Migration) -> None:
    """An order whose outcome is unknown is not placed, and its units come back."""
    migration.stack.part("product_service").freeze()
    answer = migration.monolith.place(owner=migration.customer.subject, product_id=LAMP)
    migration.stack.part("product_service").thaw()
    assert answer.status_code == 503
    migration.check()


def finish_reserved_orders(migration: Migration) -> None:
    for order_id, row in migration.rows().orders.items():
        if row["status"] == "pending" and row["revision"]:
            migration.monolith.change(order_id, "ship", owner=row["owner"])
    migration.kept = None if migration.kept is None else migration.place(LAMP)
    migration.monolith.manage(4, "release_units", "--once")


def run_both(migration: Migration) -> None:
    migration.do("setval")
    migration.buyers.doors = dict(migration.doors)
    migration.check()
    assert migration.buyers.placed[ORDER_SERVICE][0] > max(migration.buyers.placed[MONOLITH])
    sell_the_last_chairs(migration)
    migration.check()

    migration.buyers.doors = {MONOLITH: migration.doors[MONOLITH]}
    migration.check()
    migration.buyers.doors = {ORDER_SERVICE: migration.doors[ORDER_SERVICE]}
    migration.check()


def sell_the_last_chairs(migration: Migration) -> None:
    """Both sell the same stock at once: as many as there are."""
    there = (lambda: migration.place_there(migration.customer, CHAIR),)
    here = (lambda: migration.monolith.place(owner=migration.customer.subject, product_id=CHAIR),)
    with ThreadPoolExecutor(8) as pool:
        answers = [future.result() for future in [pool.submit(place) for place in (*there, *here) * 4]]
    assert sorted(answer.status_code for answer in answers) == [201] * PRODUCTS[CHAIR] + [409] * 3


def move_the_orders(migration: Migration) -> None:
    migration.migrate(5)
    write_orders(migration)
    migration.deploy(4)
    migration.buyers.doors = dict(migration.doors)
    migration.check()
    migration.buyers.doors = {ORDER_SERVICE: migration.doors[ORDER_SERVICE]}

    write_orders(migration)
    migration.do("bulk_create")
    migration.do("bulk_create")
    migration.is_imported = True
    migration.deploy(5)
    migration.check()
    show_the_same_orders(migration)


def write_orders(migration: Migration) -> None:
    with migration.buyers.paused():
        migration.monolith.stop()
    eventually(lambda: migration.run("write_orders"), lambda done: done.returncode == 0, within=SETTLED)


def show_the_same_orders(migration: Migration) -> None:
    """A customer finds each order under its id, in one of both, and can cancel one that was moved."""
    before = {
        order_id: row
        for order_id, row in migration.rows().orders.items()
        if row["owner"] == migration.customer.subject and row["status"] in {"pending", "shipped", "canceled"}
    }
    here = migration.monolith.list_orders(owner=migration.customer.subject)
    there = {order_id: migration.customer.get_order(order_id) for order_id in before.keys() - here.keys()}
    assert {order_id: order.json()["status"] for order_id, order in there.items()} == {
        order_id: before[order_id]["status"] for order_id in there
    }
    assert migration.kept in there
    assert migration.customer.cancel_order(migration.kept).json()["status"] == "canceled"
    migration.check()
