"""Placing in groups: one call for all, and an answer of its own for each."""

import time

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from orders import errors
from orders.drafts import Placed
from orders.models import Order
from orders.placement import place_group
from products_client import MAX_BATCH
from products_stand_in.api import FakeProductsApi
from tests.checks import agrees, reconcile, requested
from tests.factories import UNKNOWN_PRODUCT, draft, stuck_order

pytestmark = pytest.mark.django_db


def kinds(answers: list[Placed | Exception]) -> list[str]:
    return [type(answer).__name__ for answer in answers]


def test_several_orders_are_placed_by_one_call_and_each_answer_is_that_of_its_own_draft(
    products: FakeProductsApi, lamp: int
) -> None:
    drafts = [draft(lamp, 1), draft(lamp, 2, owner="a"), draft(lamp, 3, owner="b", idempotency_key="k")]

    with CaptureQueriesContext(connection) as queries:
        answers = place_group(drafts)

    for asked_for, answer in zip(drafts, answers, strict=True):
        assert isinstance(answer, Placed)
        assert (answer.order.owner, answer.order.quantity) == (asked_for.owner, asked_for.quantity)
        assert answer.order.reservation_id == asked_for.reservation_id
    assert requested(products) == [(1, 1), (2, 1), (3, 1)]
    assert len(products.requests) == 1
    assert not queries[-1]["sql"].startswith("SELECT"), "rows were read again"
    assert agrees(products, lamp)


def test_a_refusal_does_not_affect_the_rest_of_the_group(products: FakeProductsApi, lamp: int) -> None:
    answers = place_group([draft(lamp, 4), draft(UNKNOWN_PRODUCT), draft(lamp, 7), draft(lamp, 6)])

    assert kinds(answers) == ["Placed", "ProductNotFound", "InsufficientStock", "Placed"]
    assert products.stock(lamp) == 0
    assert Order.objects.live().count() == 2


def test_all_may_be_refused_and_errors_say_which_order_they_are_about(products: FakeProductsApi, lamp: int) -> None:
    [refused, unknown] = place_group([draft(lamp, 11), draft(UNKNOWN_PRODUCT)])

    assert isinstance(refused, errors.InsufficientStock)
    assert isinstance(unknown, errors.ProductNotFound)
    assert str(refused) == f"Product {lamp} has too little stock for a quantity of 11."
    assert str(unknown) == f"There is no product {UNKNOWN_PRODUCT} for sale."
    assert products.stock(lamp) == 10


def test_repeats_and_first_requests_may_meet_in_one_group(products: FakeProductsApi, lamp: int) -> None:
    [placed] = place_group([draft(lamp, 2, idempotency_key="placed")])
    stuck = stuck_order(lamp, key="stuck", quantity=1)
    assert isinstance(placed, Placed)

    answers = place_group(
        [
            draft(lamp, 2, idempotency_key="placed"),
            draft(lamp, 3, idempotency_key="placed"),
            draft(lamp, 1, idempotency_key="stuck"),
            draft(lamp, 1, idempotency_key="new"),
            draft(lamp, 1),
        ]
    )

    assert kinds(answers) == ["Placed", "IdempotencyKeyReused", "Placed", "Placed", "Placed"]
    orders = [answer.order.pk for answer in answers if isinstance(answer, Placed)]
    assert orders[:2] == [placed.order.pk, stuck.pk]
    assert [answer.replayed for answer in answers if isinstance(answer, Placed)] == [True, False, False, False]
    assert agrees(products, lamp)


def test_a_group_of_repeats_does_not_call_product_service(products: FakeProductsApi, lamp: int) -> None:
    place_group([draft(lamp, 2, idempotency_key="k")])

    answers = place_group([draft(lamp, 2, idempotency_key="k")] * 2)

    assert kinds(answers) == ["Placed", "Placed"]
    assert len(products.requests) == 1


def test_without_an_answer_the_whole_group_is_aborted(products: FakeProductsApi, lamp: int) -> None:
    products.lose_answers()

    answers = place_group([draft(lamp, 2), draft(lamp, 3)])

    assert kinds(answers) == ["OrderNotPlaced", "OrderNotPlaced"]
    assert products.held(lamp) == 5
    reconcile()
    assert agrees(products, lamp)
    assert products.stock(lamp) == 10


def test_a_group_has_the_earliest_of_its_deadlines(products: FakeProductsApi, lamp: int) -> None:
    answers = place_group([draft(lamp), draft(lamp, deadline=time.monotonic() - 1)])

    assert kinds(answers) == ["OrderNotPlaced", "OrderNotPlaced"]
    assert products.requests == []


@pytest.mark.postgresql("SQLite takes every text and every number")
@pytest.mark.django_db(transaction=True)
def test_a_row_that_the_database_refuses_fails_alone(products: FakeProductsApi, lamp: int) -> None:
    answers = place_group([draft(lamp), draft(lamp, owner="x" * 256), draft(lamp, 2**31), draft(lamp)])

    assert kinds(answers) == ["Placed", "DataError", "DataError", "Placed"]
    assert all(isinstance(answer, Placed | DatabaseError) for answer in answers)
    assert len(products.requests) == 1
    assert agrees(products, lamp)


@pytest.mark.parametrize("size", [32, MAX_BATCH])
@pytest.mark.django_db(transaction=True)
def test_a_group_of_any_size_takes_two_statements_and_one_call(products: FakeProductsApi, lamp: int, size: int) -> None:
    products.products[lamp].stock = 1_000

    def statements(size: int) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            answers = place_group([draft(lamp, idempotency_key=f"{size}-{number}") for number in range(size)])
        assert kinds(answers) == ["Placed"] * size
        return [query["sql"].split()[0] for query in queries]

    if connection.vendor == "postgresql":
        assert statements(1) == statements(size) == ["INSERT", "WITH"]
    else:  # whose INSERT takes a limited number of parameters
        assert statements(1) == ["INSERT", "BEGIN", "WITH", "INSERT", "COMMIT"]
        assert set(statements(size)) == {"INSERT", "BEGIN", "WITH", "COMMIT"}
    assert len(products.requests) == 2
