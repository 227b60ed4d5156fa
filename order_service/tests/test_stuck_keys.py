"""Resuming: a request that repeats the key of a placement whose process died goes on with it."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from orders.drafts import Placed, answer_from_row
from orders.errors import OutcomeUnknown
from orders.models import Order
from orders.placement import place_group
from orders.states import Failure, Placement
from products_stand_in.api import FakeProductsApi
from service_kit.testing.problems import assert_problem
from tests.checks import agrees, reconcile, requested, reserve, sync_state
from tests.factories import ORDERS, draft, placing_order, read, stuck_order
from tests.failing_database import interfering

pytestmark = pytest.mark.django_db

KEY = "basket-4711"


def post(client: APIClient, product_id: int, quantity: int = 2) -> Any:
    return client.post(ORDERS, {"product_id": product_id, "quantity": quantity}, headers={"Idempotency-Key": KEY})


@pytest.mark.parametrize("is_held", [False, True], ids=["before its call", "with its units held"])
def test_a_stuck_placement_becomes_the_order_and_its_answer_is_repeated(
    customer: APIClient, products: FakeProductsApi, lamp: int, is_held: bool
) -> None:
    stuck = stuck_order(lamp, key=KEY)
    if is_held:
        reserve(stuck)

    first, again = post(customer, lamp), post(customer, lamp)

    assert (first.status_code, first.json()["id"]) == (201, stuck.pk)
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    assert "Idempotent-Replayed" not in first
    assert (Order.objects.count(), products.stock(lamp)) == (1, 8)
    assert agrees(products, lamp)


@pytest.mark.parametrize(("age", "status"), [(timedelta(seconds=4), 409), (timedelta(seconds=5), 201)])
def test_it_is_stuck_after_five_seconds(customer: APIClient, lamp: int, age: timedelta, status: int) -> None:
    placing_order(lamp, age=age, idempotency_key=KEY)

    assert post(customer, lamp).status_code == status


def test_a_resumed_placement_may_be_refused_for_good(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    stuck = stuck_order(lamp, key=KEY, quantity=11)

    first, again = post(customer, lamp, 11), post(customer, lamp, 11)

    for response in (first, again):
        assert_problem(response, status=409, slug="insufficient-stock")
    assert read(stuck).failure == Failure.INSUFFICIENT_STOCK
    assert Order.objects.count() == 1


def test_a_resumed_placement_may_be_aborted_and_the_next_repeat_is_a_fresh_attempt(
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


def test_two_repeats_of_a_stuck_key_in_one_group_reserve_once(products: FakeProductsApi, lamp: int) -> None:
    stuck = stuck_order(lamp, key=KEY)

    answers = place_group([draft(lamp, 2, idempotency_key=KEY), draft(lamp, 2, idempotency_key=KEY)])

    assert [answer.order.pk for answer in answers if isinstance(answer, Placed)] == [stuck.pk, stuck.pk]
    assert requested(products) == [(2, 1)]


def test_two_first_requests_with_one_key_in_one_group_make_one_order(products: FakeProductsApi, lamp: int) -> None:
    first, second = place_group([draft(lamp, 2, idempotency_key=KEY), draft(lamp, 2, idempotency_key=KEY)])

    assert isinstance(first, Placed)
    assert type(second).__name__ == "IdempotencyInProgress"
    assert Order.objects.count() == 1
    assert agrees(products, lamp)


def test_if_the_reconciler_decides_during_the_call_that_is_the_answer(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    stuck = stuck_order(lamp, key=KEY)
    products.on_next_request(lambda: Order.objects.abort([stuck.pk]))

    response = post(customer, lamp)

    assert_problem(response, status=503, slug="order-not-placed")
    assert sync_state(stuck) == (2, 0, True)
    reconcile()
    assert agrees(products, lamp)


def test_the_answer_of_an_order_that_nobody_has_decided_yet_is_that_its_outcome_is_unknown(lamp: int) -> None:
    placing = placing_order(lamp)

    assert isinstance(answer_from_row(placing), OutcomeUnknown)


@pytest.mark.parametrize("is_lost", [False, True], ids=["its own answer arrives", "its own answer is lost"])
def test_if_another_request_finishes_first_that_is_the_answer(
    customer: APIClient, products: FakeProductsApi, lamp: int, is_lost: bool
) -> None:
    stuck = stuck_order(lamp, key=KEY)
    finished: list[Any] = []

    def finish() -> None:
        finished.extend(place_group([draft(lamp, 2, idempotency_key=KEY)]))
        products.unreachable = is_lost

    products.on_next_request(finish)

    response = post(customer, lamp)

    assert (response.status_code, read(stuck).placement) == (201, Placement.LIVE)
    assert response.json()["id"] == stuck.pk == finished[0].order.pk
    assert agrees(products, lamp)


def test_a_placement_that_is_aborted_during_the_key_look_up_is_in_progress(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    stuck = stuck_order(lamp, key=KEY)

    with interfering("SELECT", lambda: Order.objects.abort([stuck.pk])):
        response = post(customer, lamp)

    assert_problem(response, status=409, slug="idempotency-in-progress")
    assert products.requests == []
    assert post(customer, lamp).status_code == 201
