"""When the database fails on the way: nobody is told more than is known, and nothing is lost or doubled."""

import time
from typing import Any

import pytest
from django.db import DataError, InterfaceError, OperationalError
from rest_framework.test import APIClient

from orders.models import Order
from orders.placing import Draft, Placed, place_group
from orders.states import Placement
from service_kit.testing.problems import assert_problem
from tests.failing_database import failing_at, unheard
from tests.fake_products_api import FakeProductsApi
from tests.world import CUSTOMER, ORDERS, address, agrees, only_order, place, read, reconcile_later, sync

pytestmark = pytest.mark.django_db(transaction=True)

KEY = {"Idempotency-Key": "basket-4711"}


def post(client: APIClient, product_id: int) -> Any:
    return client.post(ORDERS, {"product_id": product_id, "quantity": 2}, headers=KEY)


def drafts(product_id: int, *, count: int, seconds: float = 10) -> list[Draft]:
    return [
        Draft(
            owner=CUSTOMER,
            product_id=product_id,
            quantity=1,
            idempotency_key=None,
            deadline=time.monotonic() + seconds,
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_before_the_row_is_there_nobody_knows_and_products_is_not_asked(
    customer: APIClient, products: FakeProductsApi, lamp: int, error: type[Exception]
) -> None:
    with failing_at("INSERT", error=error):
        response = post(customer, lamp)

    assert_problem(response, status=503, slug="outcome-unknown")
    assert int(response["Retry-After"]) >= 1
    assert products.requests == []
    assert not Order.objects.exists()


def test_a_failure_that_is_over_at_once_costs_nobody_their_order(products: FakeProductsApi, lamp: int) -> None:
    with failing_at("INSERT", times=1):
        answers = place_group(drafts(lamp, count=3))

    assert [type(answer) for answer in answers] == [Placed] * 3
    assert len(products.requests) == 1
    assert agrees(products, lamp)


def test_a_failure_that_hits_one_of_a_group_leaves_the_others_their_orders(
    products: FakeProductsApi, lamp: int
) -> None:
    with failing_at("INSERT", times=2):
        answers = place_group(drafts(lamp, count=3))

    assert [type(answer).__name__ for answer in answers] == ["OutcomeUnknown", "Placed", "Placed"]
    assert agrees(products, lamp)


def test_a_row_that_is_impossible_is_its_own_requests_error(products: FakeProductsApi, lamp: int) -> None:
    with failing_at("INSERT", error=DataError, times=2):
        answers = place_group(drafts(lamp, count=2))

    assert [type(answer).__name__ for answer in answers] == ["DataError", "Placed"]


def test_after_the_deadline_the_database_is_not_asked_again(products: FakeProductsApi, lamp: int) -> None:
    with failing_at("INSERT", times=1):
        [answer] = place_group(drafts(lamp, count=1, seconds=-1))

    assert type(answer).__name__ == "OutcomeUnknown"
    assert not Order.objects.exists()


def test_when_the_first_commit_is_not_confirmed_the_row_that_it_made_is_found_again(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    with unheard("INSERT"):
        response = post(customer, lamp)

    assert response.status_code == 201
    assert Order.objects.count() == 1
    assert agrees(products, lamp)


def test_when_the_outcome_cannot_be_stored_nobody_knows(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    with failing_at("UPDATE"):
        response = post(customer, lamp)

    assert_problem(response, status=503, slug="outcome-unknown")
    assert (only_order().placement, products.promised(lamp)) == (Placement.PLACING, 2)


def test_and_the_reconciler_gives_back_what_was_held(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    with failing_at("UPDATE"):
        post(customer, lamp)

    reconcile_later()

    assert agrees(products, lamp)
    assert products.stock(lamp) == 10


def test_and_until_then_the_key_is_in_progress(customer: APIClient, lamp: int) -> None:
    with failing_at("UPDATE"):
        post(customer, lamp)

    assert_problem(post(customer, lamp), status=409, slug="idempotency-in-progress")


def test_when_the_last_commit_is_not_confirmed_the_key_tells_that_the_order_was_placed(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    with unheard("UPDATE"):
        unknown = post(customer, lamp)
    again = post(customer, lamp)

    assert_problem(unknown, status=503, slug="outcome-unknown")
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert agrees(products, lamp)


def test_a_failure_while_giving_up_leaves_the_row_to_the_reconciler(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    products.lose_answers()

    with failing_at("UPDATE"):
        response = post(customer, lamp)

    assert_problem(response, status=503, slug="outcome-unknown")
    reconcile_later()
    assert agrees(products, lamp)


def test_an_increase_whose_outcome_cannot_be_stored_is_reverted(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)

    with failing_at('UPDATE "orders_order" SET "quantity"'):
        response = customer.patch(address(order), {"quantity": 5})

    assert_problem(response, status=503, slug="outcome-unknown")
    assert products.promised(lamp) == 5
    reconcile_later()
    assert read(order).quantity == 2
    assert agrees(products, lamp)


def test_a_change_that_is_not_stored_changes_nothing(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)

    with failing_at("UPDATE"):
        response = customer.patch(address(order), {"status": "canceled"})

    assert_problem(response, status=503, slug="outcome-unknown")
    assert (read(order).status, sync(order)) == ("pending", (1, 1, False))


@pytest.mark.parametrize("where", ["list", "one"])
def test_a_read_says_that_the_database_is_unavailable(customer: APIClient, lamp: int, where: str) -> None:
    order = place(lamp)

    with failing_at("SELECT"):
        response = customer.get(ORDERS if where == "list" else address(order))

    assert_problem(response, status=503, slug="database-unavailable")
    assert int(response["Retry-After"]) >= 1
