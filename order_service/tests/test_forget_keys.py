"""Idempotency keys are kept for 72 hours, then cleared; the orders stay."""

from datetime import datetime, timedelta

import pytest
from rest_framework.test import APIClient

from orders.models import Order
from orders.reconciler import forget_old_keys
from tests.factories import LONG_AGO, ORDERS, only_order, place, placing_order, read

pytestmark = pytest.mark.django_db

KEPT = timedelta(hours=72)
A_SECOND = timedelta(seconds=1)


def placed_at(moment: datetime, product_id: int) -> Order:
    order = place(product_id, key="basket-4711")
    Order.objects.filter(pk=order.pk).update(created_at=moment)
    return order


@pytest.mark.parametrize(("after", "key"), [(KEPT, "basket-4711"), (KEPT + A_SECOND, None)])
def test_a_key_is_kept_for_72_hours_and_the_order_stays(lamp: int, after: timedelta, key: str | None) -> None:
    order = placed_at(LONG_AGO, lamp)

    assert forget_old_keys(now=LONG_AGO + after) == int(key is None)
    assert (read(order).idempotency_key, read(order).placement) == (key, "live")


def test_a_cleared_key_can_be_used_again(customer: APIClient, lamp: int) -> None:
    first = placed_at(LONG_AGO, lamp)
    forget_old_keys()

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 3}, headers={"Idempotency-Key": "basket-4711"})

    assert response.status_code == 201
    assert response.json()["id"] != first.pk


def test_the_key_of_a_refused_order_is_cleared_too(customer: APIClient, lamp: int) -> None:
    customer.post(ORDERS, {"product_id": lamp, "quantity": 11}, headers={"Idempotency-Key": "k"})
    Order.objects.update(created_at=LONG_AGO)

    assert forget_old_keys() == 1

    assert only_order().idempotency_key is None


def test_the_key_of_an_undecided_order_is_kept(lamp: int) -> None:
    order = placing_order(lamp, age=2 * KEPT, idempotency_key="k")

    assert forget_old_keys() == 0

    assert read(order).idempotency_key == "k"
