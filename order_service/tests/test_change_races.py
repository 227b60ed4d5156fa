"""Races: an order changes between its read and its write, and the loser answers from the row as it is then."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from orders import services
from orders.events import BY_SYSTEM
from orders.models import Order
from orders.states import Status
from products_stand_in.api import FakeProductsApi
from service_kit.testing.problems import assert_problem
from tests.checks import agrees, reconcile, reconcile_later, sync_state
from tests.factories import order_url, place, read
from tests.failing_database import interfering

pytestmark = pytest.mark.django_db


def change(order: Order, **changes: Any) -> Callable[[], object]:
    return lambda: services.change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, **changes)


def cancel(order: Order) -> Callable[[], object]:
    return change(order, status=Status.CANCELED)


@pytest.mark.parametrize(("first", "second"), [("canceled", "shipped"), ("shipped", "canceled")])
def test_the_first_of_a_shipment_and_a_cancel_wins(clerk: APIClient, lamp: int, first: str, second: str) -> None:
    order = place(lamp)

    with interfering("UPDATE", change(order, status=Status(first))):
        response = clerk.patch(order_url(order), {"status": second})

    assert_problem(response, status=409, slug="invalid-transition")
    assert read(order).status == first


@pytest.mark.parametrize(
    ("first", "second", "revision"),
    [({"status": Status.CANCELED}, {"status": "canceled"}, 2), ({"quantity": 1}, {"quantity": 3}, 3)],
    ids=["two cancels", "two decreases, of which the later one holds"],
)
def test_two_concurrent_changes_both_succeed(
    customer: APIClient,
    products: FakeProductsApi,
    lamp: int,
    first: dict[str, Any],
    second: dict[str, Any],
    revision: int,
) -> None:
    order = place(lamp, 5)

    with interfering("UPDATE", change(order, **first)):
        response = customer.patch(order_url(order), second)

    assert response.status_code == 200
    assert response.json().items() >= second.items()
    assert read(order).revision == revision
    reconcile()
    assert agrees(products, lamp)


@pytest.mark.parametrize(("budget", "rounds"), [(5.0, services.MAX_ROUNDS), (0.0, 1)], ids=["in time", "too late"])
def test_a_change_that_loses_every_round_or_after_the_deadline_is_order_busy(
    clerk: APIClient, lamp: int, monkeypatch: pytest.MonkeyPatch, budget: float, rounds: int
) -> None:
    order = place(lamp, 9)
    monkeypatch.setattr(services, "REQUEST_BUDGET", budget)

    def take_one() -> None:
        change(order, quantity=read(order).quantity - 1)()

    with interfering("UPDATE", take_one, times=rounds):
        response = clerk.patch(order_url(order), {"status": "shipped"})

    assert_problem(response, status=409, slug="order-busy")
    assert (read(order).status, read(order).quantity) == (Status.PENDING, 9 - rounds)


def test_an_increase_that_loses_before_it_is_recorded_calls_nobody(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    calls = len(products.requests)

    with interfering("UPDATE", cancel(order)):
        response = customer.patch(order_url(order), {"quantity": 5})

    assert_problem(response, status=409, slug="invalid-transition")
    assert len(products.requests) == calls


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_cancel_during_an_increase_wins_and_all_units_go_back(
    customer: APIClient, products: FakeProductsApi, lamp: int, is_answered: bool
) -> None:
    order = place(lamp)
    products.lose_answers(0 if is_answered else 1)
    products.on_next_request(cancel(order))

    response = customer.patch(order_url(order), {"quantity": 5})

    if is_answered:
        assert_problem(response, status=409, slug="invalid-transition")
    else:
        assert_problem(response, status=503, slug="order-not-changed")
    assert (read(order).status, read(order).quantity, read(order).target_quantity) == (Status.CANCELED, 2, None)
    assert sync_state(order) == (3, 1, True)
    reconcile()
    assert agrees(products, lamp)
    assert products.stock(lamp) == 10


def test_a_cancel_that_is_pushed_during_an_increase_makes_it_stale(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)

    def cancel_and_push() -> None:
        cancel(order)()
        reconcile()

    products.on_next_request(cancel_and_push)

    response = customer.patch(order_url(order), {"quantity": 5})

    assert_problem(response, status=503, slug="order-not-changed")
    assert sync_state(order) == (3, 3, False)
    assert agrees(products, lamp)


def test_an_increase_that_was_dropped_meanwhile_is_begun_again(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)

    def revert() -> None:
        products.unreachable = True
        reconcile_later(11)
        products.unreachable = False

    products.on_next_request(revert)

    response = customer.patch(order_url(order), {"quantity": 5})

    assert response.status_code == 200
    assert (read(order).quantity, sync_state(order)) == (5, (4, 4, False))
    assert agrees(products, lamp)


def test_a_placement_that_was_aborted_during_the_call_stays_aborted(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    products.on_next_request(lambda: Order.objects.abort(Order.objects.values_list("pk", flat=True)))

    response = customer.post("/api/v1/orders/", {"product_id": lamp, "quantity": 2})

    assert_problem(response, status=503, slug="order-not-placed")
    reconcile()
    assert agrees(products, lamp)
    assert products.stock(lamp) == 10


def test_a_dropped_increase_does_not_affect_a_later_one_to_the_same_quantity(
    products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    first = order.with_target(5)
    assert Order.objects.begin_increase(order, increase=first)
    assert Order.objects.drop_increase(first, seen=first.revision, held=None)
    again = read(order)
    second = again.with_target(5)
    assert Order.objects.begin_increase(again, increase=second)

    assert not Order.objects.finish_increase(first, status=Status.PENDING, cause=BY_SYSTEM)
    assert not Order.objects.drop_increase(first, seen=first.revision, held=2)

    assert (read(order).quantity, read(order).target_quantity, read(order).revision) == (2, 5, second.revision)
