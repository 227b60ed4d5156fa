"""Many desired quantities in one call: their order, their independence, and what they cost."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.protocol import LARGEST_BATCH, Desired, Outcome
from tests.world import UNKNOWN_PRODUCT, add_product, is_conserved, settle, stock_of, want

IN_ONE_STATEMENT = 99  # reservations that Django writes at once to SQLite, to which it sends at most 999 values
pytestmark = pytest.mark.django_db


def statements(*desired: Desired) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        settle(*desired)
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


def test_items_about_one_product_are_served_in_the_order_given() -> None:
    lamp = add_product(stock=5)

    outcomes = [one.outcome for one in settle(want(lamp, 3), want(lamp, 3), want(lamp, 2), want(lamp, 1))]

    assert outcomes == [Outcome.HELD, Outcome.INSUFFICIENT_STOCK, Outcome.HELD, Outcome.INSUFFICIENT_STOCK]
    assert stock_of(lamp) == 0


def test_units_that_one_item_gives_back_are_there_for_the_next() -> None:
    lamp = add_product(stock=5)
    holding = want(lamp, 5)
    settle(holding)

    outcomes = [one.outcome for one in settle(replace(holding, quantity=2, revision=2), want(lamp, 3))]

    assert outcomes == [Outcome.HELD, Outcome.HELD]
    assert stock_of(lamp) == 0
    assert is_conserved(lamp)


def test_a_refused_item_does_not_spoil_its_neighbours() -> None:
    lamp, chair = add_product(stock=5), add_product(stock=1)

    outcomes = [one.outcome for one in settle(want(lamp, 1), want(UNKNOWN_PRODUCT, 1), want(chair, 2), want(chair, 1))]

    assert outcomes == [Outcome.HELD, Outcome.PRODUCT_NOT_FOUND, Outcome.INSUFFICIENT_STOCK, Outcome.HELD]
    assert (stock_of(lamp), stock_of(chair)) == (4, 0)


def test_a_tombstone_beside_a_reserve_of_the_same_product_takes_no_snapshot() -> None:
    lamp = add_product(stock=5)

    tombstone, held = settle(want(lamp, 0, revision=2), want(lamp, 1))

    assert (tombstone.outcome, tombstone.unit_price) == (Outcome.RELEASED, None)
    assert held.product_name == lamp.name


def test_new_reservations_cost_as_many_statements_however_many_they_are(on_postgresql: bool) -> None:
    products = [add_product(stock=100) for _ in range(20)]
    many = [want(products[number % 20], 1) for number in range(IN_ONE_STATEMENT)]

    assert len(statements(want(products[0], 1))) == len(statements(*many)) == (1 if on_postgresql else 4)


def test_the_largest_batch_costs_at_most_one_statement_more() -> None:
    products = [add_product(stock=100) for _ in range(20)]
    largest = [want(products[number % 20], 1) for number in range(LARGEST_BATCH)]

    assert len(statements(*largest)) <= len(statements(want(products[0], 1))) + 1


def test_changes_cost_as_many_statements_however_many_they_are() -> None:
    products = [add_product(stock=100) for _ in range(20)]
    many = [want(products[number % 20], 1) for number in range(LARGEST_BATCH)]
    settle(*many)
    changes = [replace(hold, quantity=2, revision=2) for hold in many]

    assert len(statements(changes[0])) == len(statements(*changes[1:])) == 5


def test_a_mixture_costs_as_many_statements_however_many_they_are() -> None:
    products = [add_product(stock=1000) for _ in range(20)]
    known = [want(products[number % 20], 1) for number in range(50)]
    settle(*known)
    mixture = [replace(hold, quantity=number % 3, revision=number % 4) for number, hold in enumerate(known, start=1)]
    mixture += [want(products[number % 20], number % 5, revision=2) for number in range(50)]
    small = [replace(known[0], quantity=5, revision=9), want(products[0], 1)]

    assert len(statements(*small)) == len(statements(*mixture)) == 5


def test_repeats_lock_no_product(on_postgresql: bool) -> None:
    lamp = add_product(stock=500)
    holds = [want(lamp, 1) for _ in range(LARGEST_BATCH)]
    settle(*holds)

    repeated = statements(*holds)

    step_by_step = repeated[1:] if on_postgresql else repeated  # PostgreSQL sees first whether all of them are new
    assert len(step_by_step) == 2
    assert not any("products_product" in statement for statement in step_by_step)


@pytest.mark.postgresql("SQLite locks the whole database")
def test_rows_are_locked_in_order_of_id() -> None:
    lamp, chair = add_product(stock=5), add_product(stock=5)
    holds = [want(lamp, 1), want(chair, 1)]
    settle(*holds)

    locking = [one for one in statements(*(replace(hold, quantity=2, revision=2) for hold in holds)) if "FOR UP" in one]

    assert len(locking) == 2
    assert "inventory_reservation" in locking[0]
    assert "products_product" in locking[1]
    assert all('"id" ASC FOR UPDATE' in statement for statement in locking)
