"""An increase in flight: its thread is still waiting for product_service, or has died."""

import pytest
from rest_framework.test import APIClient

from orders.events import BY_SYSTEM
from orders.models import Order
from orders.states import Status
from products_stand_in.api import FakeProductsApi
from service_kit.testing.problems import assert_problem
from tests.checks import agrees, reconcile
from tests.factories import increasing_order, order_url, read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change", [{"quantity": 1}, {"quantity": 2}, {"quantity": 5}, {"quantity": 9}, {"status": "shipped"}], ids=repr
)
def test_r8_during_an_increase_the_order_is_busy(
    clerk: APIClient, products: FakeProductsApi, lamp: int, change: dict[str, object]
) -> None:
    order = increasing_order(lamp)
    calls = len(products.requests)

    response = clerk.patch(order_url(order), change)

    assert_problem(response, status=409, slug="order-busy")
    assert int(response["Retry-After"]) >= 1
    assert len(products.requests) == calls
    assert read(order).target_quantity == 5


def test_during_an_increase_the_order_reads_as_before(customer: APIClient, lamp: int) -> None:
    order = increasing_order(lamp)

    assert customer.get(order_url(order)).json()["quantity"] == 2


def test_whatever_settles_an_order_drops_its_increase(products: FakeProductsApi, lamp: int) -> None:
    order = increasing_order(lamp)

    assert Order.objects.settle(order, quantity=2, status=Status.PENDING, cause=BY_SYSTEM)

    assert (read(order).target_quantity, read(order).revision) == (None, 3)
    reconcile()
    assert agrees(products, lamp)
