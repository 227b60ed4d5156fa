"""R2, take before you promise: a larger quantity is asked for first, and holds when products holds it."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from orders import services
from orders.models import Order
from orders.states import Status
from service_kit.testing.problems import assert_problem
from tests.fake_products_api import FakeProductsApi
from tests.world import (
    address,
    agrees,
    asked,
    increasing_order,
    place,
    read,
    reconcile,
    reconcile_later,
    sync,
)

pytestmark = pytest.mark.django_db


def test_a_larger_quantity_is_held_before_it_is_promised(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    promised: list[int] = []
    products.on_request = lambda _: promised.append(read(order).quantity)

    response = customer.patch(address(order), {"quantity": 5})

    assert response.json()["quantity"] == 5
    assert promised == [2]
    assert asked(products) == [(2, 1), (5, 2)]
    assert sync(order) == (2, 2, False)
    assert agrees(products, lamp)


def test_the_total_follows_the_quantity(customer: APIClient, lamp: int) -> None:
    order = place(lamp)

    changed = customer.patch(address(order), {"quantity": 5}).json()

    assert changed["total_price"] == "99.50"


def test_more_than_the_stock_is_refused_and_the_order_stays(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)

    response = customer.patch(address(order), {"quantity": 11})

    assert_problem(response, status=409, slug="insufficient-stock")
    assert read(order).quantity == 2
    assert agrees(products, lamp)


def test_more_of_a_product_that_is_gone_is_refused_and_the_order_stays(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    products.products[lamp].is_active = False

    response = customer.patch(address(order), {"quantity": 5})

    assert_problem(response, status=422, slug="product-not-found")
    assert read(order).quantity == 2
    assert agrees(products, lamp)


def test_r4_a_refused_increase_uses_its_revision_up(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    customer.patch(address(order), {"quantity": 11})
    assert sync(order) == (2, 2, False)

    customer.patch(address(order), {"quantity": 3})

    assert asked(products) == [(2, 1), (11, 2), (3, 3)]
    assert sync(order) == (3, 3, False)


@pytest.mark.parametrize("fault", ["unreachable", "hang", "unavailable"])
def test_when_products_does_not_answer_the_order_stays_as_it_was(
    customer: APIClient, products: FakeProductsApi, lamp: int, fault: str
) -> None:
    order = place(lamp)
    setattr(products, fault, True)

    response = customer.patch(address(order), {"quantity": 5})

    assert_problem(response, status=503, slug="order-not-changed")
    assert int(response["Retry-After"]) >= 1
    assert (read(order).quantity, read(order).target_quantity) == (2, None)


def test_r2_what_a_lost_answer_took_is_given_back(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    products.lose_answers()
    customer.patch(address(order), {"quantity": 5})
    assert (products.promised(lamp), sync(order)) == (5, (3, 1, True))

    reconcile()

    assert asked(products)[-1] == (2, 3)
    assert read(order).quantity == 2
    assert agrees(products, lamp)


def test_an_increase_that_arrives_after_it_was_given_up_takes_nothing(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    products.unreachable = True
    customer.patch(address(order), {"quantity": 5})
    products.unreachable = False
    late = products.requests[-1]
    reconcile()

    products(late)

    assert agrees(products, lamp)
    assert products.promised(lamp) == 2


def test_after_an_unknown_outcome_it_can_be_tried_again(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    products.lose_answers()
    customer.patch(address(order), {"quantity": 5})

    response = customer.patch(address(order), {"quantity": 5})

    assert response.status_code == 200
    assert sync(order) == (4, 4, False)
    assert agrees(products, lamp)


def test_more_may_be_asked_for_and_shipped_at_once(clerk: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)

    response = clerk.patch(address(order), {"quantity": 5, "status": "shipped"})

    assert (response.json()["quantity"], response.json()["status"]) == (5, "shipped")
    assert agrees(products, lamp)


def test_when_more_is_refused_nothing_is_shipped_either(clerk: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)

    response = clerk.patch(address(order), {"quantity": 11, "status": "shipped"})

    assert_problem(response, status=409, slug="insufficient-stock")
    assert (read(order).quantity, read(order).status) == (2, "pending")


def test_more_asked_for_together_with_a_cancel_asks_nobody(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)

    response = customer.patch(address(order), {"quantity": 5, "status": "canceled"})

    assert response.json()["status"] == "canceled"
    assert asked(products) == [(2, 1)]
    reconcile()
    assert agrees(products, lamp)


def test_an_increase_may_follow_a_decrease_that_was_never_pushed(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp, 5)
    customer.patch(address(order), {"quantity": 2})

    response = customer.patch(address(order), {"quantity": 4})

    assert response.status_code == 200
    assert asked(products) == [(5, 1), (4, 3)]
    assert agrees(products, lamp)


def test_when_such_an_increase_is_refused_the_decrease_is_pushed(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp, 5)
    customer.patch(address(order), {"quantity": 2})

    refused = customer.patch(address(order), {"quantity": 99})

    assert_problem(refused, status=409, slug="insufficient-stock")
    assert sync(order) == (4, 1, True)
    reconcile()
    assert products.promised(lamp) == 2
    assert agrees(products, lamp)


@pytest.mark.parametrize(
    "change", [{"quantity": 1}, {"quantity": 2}, {"quantity": 5}, {"quantity": 9}, {"status": "shipped"}], ids=repr
)
def test_r8_while_an_increase_is_under_way_the_order_is_busy(
    clerk: APIClient, products: FakeProductsApi, lamp: int, change: dict[str, object]
) -> None:
    order = increasing_order(lamp)
    calls = len(products.requests)

    response = clerk.patch(address(order), change)

    assert_problem(response, status=409, slug="order-busy")
    assert int(response["Retry-After"]) >= 1
    assert len(products.requests) == calls
    assert read(order).target_quantity == 5


def test_while_an_increase_is_under_way_the_order_reads_as_before(customer: APIClient, lamp: int) -> None:
    order = increasing_order(lamp)

    assert customer.get(address(order)).json()["quantity"] == 2


def test_a_cancel_wins_over_an_increase_that_is_under_way(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = increasing_order(lamp)

    response = customer.patch(address(order), {"status": "canceled"})

    assert response.json()["status"] == "canceled"
    assert (read(order).target_quantity, sync(order)) == (None, (3, 1, True))
    reconcile()
    assert agrees(products, lamp)


def test_an_increase_whose_process_died_is_reverted(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = increasing_order(lamp)

    reconcile_later(11)

    assert (read(order).quantity, read(order).target_quantity, read(order).status) == (2, None, Status.PENDING)
    assert agrees(products, lamp)
    assert customer.patch(address(order), {"quantity": 5}).status_code == 200


def test_after_the_deadline_nothing_more_is_asked(
    customer: APIClient, products: FakeProductsApi, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place(lamp)
    monkeypatch.setattr(services, "REQUEST_BUDGET", 0.0)

    response = customer.patch(address(order), {"quantity": 5})

    assert_problem(response, status=503, slug="order-not-changed")
    assert asked(products) == [(2, 1)]
    reconcile()
    assert agrees(products, lamp)


def test_whatever_settles_an_order_drops_its_increase(products: FakeProductsApi, lamp: int) -> None:
    order = increasing_order(lamp)

    assert Order.objects.settle(order, quantity=2, status=Status.PENDING, now=timezone.now())

    assert (read(order).target_quantity, read(order).revision) == (None, 3)
    reconcile()
    assert agrees(products, lamp)
