"""Races: the order changes between being read and being written, and whoever loses answers from what is there."""

import time
from collections.abc import Callable

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from orders import services
from orders.models import Order
from orders.states import Status
from service_kit.testing.problems import assert_problem
from tests.failing_database import interfering
from tests.fake_products_api import FakeProductsApi
from tests.world import address, agrees, place, read, reconcile, reconcile_later, sync

pytestmark = pytest.mark.django_db


def cancel(order: Order) -> Callable[[], object]:
    return lambda: services.change_order(order_id=order.pk, owner=None, status=Status.CANCELED)


def ship(order: Order) -> Callable[[], object]:
    return lambda: services.change_order(order_id=order.pk, owner=None, status=Status.SHIPPED)


def resize(order: Order, quantity: int) -> Callable[[], object]:
    return lambda: services.change_order(order_id=order.pk, owner=None, quantity=quantity)


def during_the_call(products: FakeProductsApi, change: Callable[[], object]) -> None:
    """Let somebody else change the order while products is being asked."""

    def once(_: object) -> None:
        products.on_request = lambda _: None
        change()

    products.on_request = once


def test_a_cancel_that_comes_first_wins_over_shipping(clerk: APIClient, lamp: int) -> None:
    order = place(lamp)

    with interfering("UPDATE", cancel(order)):
        response = clerk.patch(address(order), {"status": "shipped"})

    assert_problem(response, status=409, slug="invalid-transition")
    assert read(order).status == Status.CANCELED


def test_shipping_that_comes_first_wins_over_a_cancel(customer: APIClient, lamp: int) -> None:
    order = place(lamp)

    with interfering("UPDATE", ship(order)):
        response = customer.patch(address(order), {"status": "canceled"})

    assert_problem(response, status=409, slug="invalid-transition")
    assert read(order).status == Status.SHIPPED


def test_two_cancels_are_both_answered_as_done(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)

    with interfering("UPDATE", cancel(order)):
        response = customer.patch(address(order), {"status": "canceled"})

    assert response.status_code == 200
    assert read(order).revision == 2
    reconcile()
    assert agrees(products, lamp)


def test_of_two_decreases_the_later_one_holds(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp, 5)

    with interfering("UPDATE", resize(order, 1)):
        response = customer.patch(address(order), {"quantity": 3})

    assert response.json()["quantity"] == 3
    reconcile()
    assert agrees(products, lamp)


def test_who_loses_again_and_again_is_told_that_the_order_is_busy(clerk: APIClient, lamp: int) -> None:
    order = place(lamp, 9)

    def take_one() -> None:
        resize(order, read(order).quantity - 1)()

    with interfering("UPDATE", take_one, times=services.READ_AGAIN):
        response = clerk.patch(address(order), {"status": "shipped"})

    assert_problem(response, status=409, slug="order-busy")
    assert (read(order).status, read(order).quantity) == (Status.PENDING, 6)


def test_who_loses_after_the_deadline_does_not_try_again(
    clerk: APIClient, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place(lamp, 9)
    monkeypatch.setattr(services, "REQUEST_BUDGET", 0.0)

    with interfering("UPDATE", resize(order, 8)):
        response = clerk.patch(address(order), {"status": "shipped"})

    assert_problem(response, status=409, slug="order-busy")


def test_an_increase_that_loses_before_it_is_recorded_asks_for_nothing(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    calls = len(products.requests)

    with interfering("UPDATE", cancel(order)):
        response = customer.patch(address(order), {"quantity": 5})

    assert_problem(response, status=409, slug="invalid-transition")
    assert len(products.requests) == calls


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_cancel_during_an_increase_wins_and_all_units_go_back(
    customer: APIClient,
    products: FakeProductsApi,
    lamp: int,
    is_answered: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    order = place(lamp)
    products.lose_answers(0 if is_answered else 1)
    during_the_call(products, cancel(order))

    response = customer.patch(address(order), {"quantity": 5})

    if is_answered:
        assert_problem(response, status=409, slug="invalid-transition")
    else:
        assert_problem(response, status=503, slug="order-not-changed")
    assert (read(order).status, read(order).quantity) == (Status.CANCELED, 2)
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

    during_the_call(products, cancel_and_push)

    response = customer.patch(address(order), {"quantity": 5})

    assert_problem(response, status=503, slug="order-not-changed")
    assert sync(order) == (3, 3, False)
    assert agrees(products, lamp)


def test_an_increase_that_was_reverted_meanwhile_is_asked_for_once_more(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)

    def revert() -> None:
        products.unreachable = True
        reconcile_later(11)
        products.unreachable = False

    during_the_call(products, revert)

    response = customer.patch(address(order), {"quantity": 5})

    assert response.status_code == 200
    assert (read(order).quantity, sync(order)) == (5, (4, 4, False))
    assert agrees(products, lamp)


def test_a_placing_that_was_given_up_while_its_units_were_held_stays_given_up(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    during_the_call(
        products, lambda: Order.objects.abort(Order.objects.values_list("pk", flat=True), now=timezone.now())
    )

    response = customer.post("/api/v1/orders/", {"product_id": lamp, "quantity": 2})

    assert_problem(response, status=503, slug="order-not-placed")
    reconcile()
    assert agrees(products, lamp)
    assert products.stock(lamp) == 10


def test_a_change_that_waits_for_nobody_is_quick(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    products.hang = True
    began = time.monotonic()

    customer.patch(address(order), {"status": "canceled"})

    assert time.monotonic() - began < 0.5


def test_an_increase_that_was_given_up_decides_nothing_about_a_later_one_to_the_same_quantity(
    products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    now = timezone.now()
    first = order.asking_for(5)
    assert Order.objects.begin_increase(order, asked=first, now=now)
    assert Order.objects.drop_increase(first, now=now, seen=first.revision, held=None)
    again = read(order)
    second = again.asking_for(5)
    assert Order.objects.begin_increase(again, asked=second, now=now)

    assert not Order.objects.finish_increase(first, status=Status.PENDING, now=now)
    assert not Order.objects.drop_increase(first, now=now, seen=first.revision, held=2)

    assert (read(order).quantity, read(order).target_quantity, read(order).revision) == (2, 5, second.revision)
