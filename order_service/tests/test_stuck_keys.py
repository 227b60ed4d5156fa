"""Resuming: a placing whose process died is driven on by whoever repeats its key."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from config import clients
from orders.models import Order
from orders.placing import STUCK_AFTER, Draft, Placed, place_group
from orders.states import Failure, Placement
from products_client import ReservationRequest
from service_kit.testing.problems import assert_problem
from tests.failing_database import interfering
from tests.fake_products_api import FakeProductsApi
from tests.world import CUSTOMER, ORDERS, agrees, asked, read, reconcile, stuck_order, sync, unfinished_order

pytestmark = pytest.mark.django_db

KEY = "basket-4711"


def post(client: APIClient, product_id: int, quantity: int = 2) -> Any:
    return client.post(ORDERS, {"product_id": product_id, "quantity": quantity}, headers={"Idempotency-Key": KEY})


def draft(product_id: int, quantity: int = 2) -> Draft:
    return Draft(
        owner=CUSTOMER,
        product_id=product_id,
        quantity=quantity,
        idempotency_key=KEY,
        deadline=time.monotonic() + 10,
    )


def test_a_stuck_placing_becomes_the_order(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    stuck = stuck_order(lamp, key=KEY)

    response = post(customer, lamp)

    assert response.status_code == 201
    assert response.json()["id"] == stuck.pk
    assert Order.objects.count() == 1
    assert agrees(products, lamp)


def test_its_answer_is_repeated_byte_for_byte(customer: APIClient, lamp: int) -> None:
    stuck_order(lamp, key=KEY)
    first = post(customer, lamp)

    again = post(customer, lamp)

    assert again.content == first.content
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")


def test_units_that_the_first_attempt_took_are_not_taken_twice(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    stuck = stuck_order(lamp, key=KEY)
    clients.products().put_reservations(
        [ReservationRequest(id=stuck.reservation_id, product_id=lamp, quantity=2, revision=1)]
    )

    response = post(customer, lamp)

    assert response.status_code == 201
    assert products.stock(lamp) == 8


@pytest.mark.parametrize(("age", "status"), [(STUCK_AFTER - timedelta(seconds=1), 409), (STUCK_AFTER, 201)])
def test_it_is_stuck_after_five_seconds(customer: APIClient, lamp: int, age: timedelta, status: int) -> None:
    unfinished_order(lamp, age=age, idempotency_key=KEY)

    assert post(customer, lamp).status_code == status


def test_a_resumed_placing_may_be_refused_and_stays_so(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    stuck = stuck_order(lamp, key=KEY, quantity=11)

    first, again = post(customer, lamp, 11), post(customer, lamp, 11)

    for response in (first, again):
        assert_problem(response, status=409, slug="insufficient-stock")
    assert read(stuck).failure == Failure.INSUFFICIENT_STOCK
    assert Order.objects.count() == 1


def test_a_resumed_placing_may_be_given_up_and_the_next_repeat_is_a_fresh_attempt(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    stuck = stuck_order(lamp, key=KEY)
    products.unreachable = True
    given_up = post(customer, lamp)
    products.unreachable = False

    again = post(customer, lamp)

    assert_problem(given_up, status=503, slug="order-not-placed")
    assert (again.status_code, read(stuck).failure) == (201, Failure.ABORTED)
    assert again.json()["id"] != stuck.pk
    reconcile()
    assert agrees(products, lamp)


def test_two_repeats_of_a_stuck_key_in_one_group_ask_once(products: FakeProductsApi, lamp: int) -> None:
    stuck = stuck_order(lamp, key=KEY)

    answers = place_group([draft(lamp), draft(lamp)])

    assert [answer.order.pk for answer in answers if isinstance(answer, Placed)] == [stuck.pk, stuck.pk]
    assert asked(products) == [(2, 1)]


def test_two_first_requests_with_one_key_in_one_group_make_one_order(products: FakeProductsApi, lamp: int) -> None:
    first, second = place_group([draft(lamp), draft(lamp)])

    assert isinstance(first, Placed)
    assert type(second).__name__ == "IdempotencyInProgress"
    assert Order.objects.count() == 1
    assert agrees(products, lamp)


def test_the_reconciler_may_decide_while_products_is_asked_and_then_that_is_the_answer(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    stuck = stuck_order(lamp, key=KEY)

    def give_up(_: object) -> None:
        Order.objects.abort([stuck.pk], now=timezone.now())

    products.on_request = give_up

    response = post(customer, lamp)

    assert_problem(response, status=503, slug="order-not-placed")
    assert sync(stuck) == (2, 0, True)
    reconcile()
    assert agrees(products, lamp)


def test_another_driver_may_finish_first_and_then_that_is_the_answer(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    stuck = stuck_order(lamp, key=KEY)
    finished: list[Any] = []

    def finish(_: object) -> None:
        products.on_request = lambda _: None
        finished.extend(place_group([draft(lamp)]))

    products.on_request = finish

    response = post(customer, lamp)

    assert response.status_code == 201
    assert response.json()["id"] == stuck.pk == finished[0].order.pk
    assert agrees(products, lamp)


def test_another_driver_may_finish_although_this_one_hears_nothing(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    stuck = stuck_order(lamp, key=KEY)

    def finish(_: object) -> None:
        products.on_request = lambda _: None
        place_group([draft(lamp)])
        products.unreachable = True

    products.on_request = finish

    response = post(customer, lamp)

    assert (response.status_code, read(stuck).placement) == (201, Placement.LIVE)


def test_a_placing_that_is_given_up_while_its_key_is_looked_up_is_told_to_wait(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    stuck = stuck_order(lamp, key=KEY)

    with interfering("SELECT", lambda: Order.objects.abort([stuck.pk], now=timezone.now())):
        response = post(customer, lamp)

    assert_problem(response, status=409, slug="idempotency-in-progress")
    assert products.requests == []
    assert post(customer, lamp).status_code == 201
