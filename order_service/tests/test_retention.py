"""Orders that were never placed are deleted after the retention; all others stay."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from orders import audit
from orders import retention as retention_module
from orders.models import Order
from orders.reconciler import forget_old_keys
from orders.retention import delete_failed_orders
from orders.states import Status
from products_stand_in.api import FakeProductsApi
from service_kit.testing.counting import Counting
from tests.checks import reconcile
from tests.factories import ORDERS, order_in, placing_order, refused_order

if TYPE_CHECKING:
    from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db

RETENTION = timedelta(hours=720)
A_MINUTE = timedelta(minutes=1)


def age_all(age: timedelta) -> None:
    moment = timezone.now() - age
    Order.objects.update(created_at=moment, updated_at=moment)


def test_refused_and_aborted_orders_are_deleted_when_they_are_old(products: FakeProductsApi, lamp: int) -> None:
    refused_order(lamp)
    placing_order(lamp, age=timedelta(seconds=11))
    reconcile()
    age_all(RETENTION + A_MINUTE)
    counting = Counting()

    assert delete_failed_orders() == 2

    assert not Order.objects.exists()
    assert counting.of("orders_deleted_total") == {"": 2}


@pytest.mark.parametrize(
    ("begin", "age"),
    [(refused_order, RETENTION - A_MINUTE), (placing_order, 10 * RETENTION)],
    ids=["a refused order until then", "an undecided order"],
)
def test_these_are_kept(products: FakeProductsApi, lamp: int, begin: Callable[[int], Order], age: timedelta) -> None:
    begin(lamp)
    age_all(age)

    assert delete_failed_orders() == 0


def test_orders_that_were_placed_stay_whatever_became_of_them(products: FakeProductsApi, lamp: int) -> None:
    for status in Status:
        order_in(status, lamp, 1)
    reconcile()
    age_all(10 * RETENTION)

    assert delete_failed_orders() == 0


def test_an_aborted_order_stays_until_product_service_has_stored_its_tombstone(
    products: FakeProductsApi, lamp: int
) -> None:
    products.unreachable = True
    placing_order(lamp, age=timedelta(seconds=11))
    reconcile()
    age_all(10 * RETENTION)

    assert delete_failed_orders() == 0

    products.unreachable = False
    Order.objects.update(next_sync_at=timezone.now() - timedelta(seconds=1))
    reconcile()
    assert delete_failed_orders() == 1


def test_a_refusal_stays_while_its_key_replays_it(customer: "APIClient", lamp: int) -> None:
    def post() -> bytes:
        answer = customer.post(ORDERS, {"product_id": lamp, "quantity": 11}, headers={"Idempotency-Key": "basket"})
        return bytes(answer.content)

    first = post()
    age_all(10 * RETENTION)

    assert delete_failed_orders() == 0

    assert post() == first
    forget_old_keys()
    assert delete_failed_orders() == 1


def test_no_more_are_deleted_in_one_transaction_than_a_batch(
    products: FakeProductsApi, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_module, "BATCH", 2)
    for _ in range(3):
        refused_order(lamp)
    age_all(RETENTION + A_MINUTE)

    assert [delete_failed_orders() for _ in range(3)] == [2, 1, 0]


def test_a_reservation_that_product_service_has_deleted_is_no_drift(products: FakeProductsApi, lamp: int) -> None:
    order_in(Status.CANCELED, lamp)
    refused_order(lamp)
    reconcile()
    products.reservations.clear()

    assert list(audit.find_drift()) == []
