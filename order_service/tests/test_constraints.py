"""Constraints: what must never be true of an order is refused by the database."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, transaction

from orders.models import Order
from orders.states import Failure, Placement, Status
from tests.factories import (
    CUSTOMER,
    LONG_AGO,
    STRANGER,
    increasing_order,
    live_order,
    only_order,
    placing_order,
    read,
    refused_order,
)

pytestmark = pytest.mark.django_db


def is_refused(order: Order, **change: Any) -> bool:
    try:
        with transaction.atomic():
            Order.objects.filter(pk=order.pk).update(**change)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "change",
    [
        *({"quantity": 0}, {"quantity": -1}, {"placed_quantity": 0}, {"unit_price": Decimal("-0.01")}),
        *({"unit_price": None}, {"product_name": ""}, {"placed_at": None}, {"owner": None}, {"product_id": None}),
        *({"revision": 0}, {"revision": 2}, {"synced_revision": -1}, {"synced_revision": 2}),
        *({"target_quantity": 1}, {"target_quantity": 2}),
        *({"target_quantity": 5, "status": status} for status in (Status.SHIPPED, Status.CANCELED)),
        {"placement": Placement.PLACING, "status": Status.SHIPPED},
        {"placement": Placement.FAILED, "status": Status.CANCELED},
    ],
    ids=repr,
)
def test_no_live_order_breaks_a_constraint(change: dict[str, Any]) -> None:
    assert is_refused(live_order(), **change)


@pytest.mark.parametrize(
    "change",
    [
        *({"placement": Placement.LIVE}, {"status": Status.CANCELED}, {"target_quantity": 5}, {"next_sync_at": None}),
        {"synced_revision": 2},
    ],
    ids=repr,
)
def test_no_placing_order_breaks_a_constraint(lamp: int, change: dict[str, Any]) -> None:
    assert is_refused(placing_order(lamp), **change)


@pytest.mark.parametrize(
    "change", [{"status": Status.SHIPPED}, {"target_quantity": 2}, {"next_sync_at": None}], ids=repr
)
def test_no_increasing_order_breaks_a_constraint(lamp: int, change: dict[str, Any]) -> None:
    assert is_refused(increasing_order(lamp), **change)


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.SHIPPED},
        {"quantity": 1},
        {"revision": 2, "next_sync_at": LONG_AGO},
        {"revision": 2, "synced_revision": 2},
        {"target_quantity": 5, "revision": 2, "next_sync_at": LONG_AGO},
        {"idempotency_key": "k"},
    ],
    ids=repr,
)
def test_no_constraint_refuses_a_valid_change(change: dict[str, Any]) -> None:
    order = live_order()

    assert not is_refused(order, **change)

    assert all(getattr(read(order), name) == value for name, value in change.items())


@pytest.mark.parametrize(
    ("owner", "key", "refused"),
    [(CUSTOMER, "k", True), (STRANGER, "k", False), (CUSTOMER, None, False)],
    ids=["the same key", "another owner's", "none"],
)
def test_an_owner_has_one_order_for_each_key(owner: str, key: str | None, refused: bool) -> None:
    live_order(idempotency_key=key)

    assert is_refused(live_order(owner=owner), idempotency_key=key) is refused


@pytest.mark.parametrize("placement", [Placement.PLACING, Placement.FAILED])
def test_a_key_of_an_order_that_is_not_live_is_taken_too(lamp: int, placement: Placement) -> None:
    if placement == Placement.PLACING:
        placing_order(lamp, idempotency_key="k")
    else:
        refused_order(lamp)
        assert not is_refused(only_order(), idempotency_key="k")

    assert is_refused(live_order(), idempotency_key="k")


def test_the_key_of_an_aborted_attempt_is_free(lamp: int) -> None:
    aborted: dict[str, Any] = {"placement": Placement.FAILED, "failure": Failure.ABORTED, "idempotency_key": "k"}
    placing_order(lamp, **aborted)

    placing_order(lamp, **aborted)

    assert not is_refused(live_order(), idempotency_key="k")


def test_a_reservation_belongs_to_one_order() -> None:
    key = uuid4()
    live_order(reservation_id=key)

    assert is_refused(live_order(), reservation_id=key)


@pytest.mark.postgresql("SQLite takes every text and every number")
@pytest.mark.parametrize("change", [{"owner": "x" * 256}, {"quantity": 2**31}, {"product_name": "x" * 256}], ids=str)
def test_postgresql_refuses_values_larger_than_their_column(change: dict[str, Any]) -> None:
    order = live_order()

    with pytest.raises(DataError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**change)
