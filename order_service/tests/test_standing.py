"""What waits for the reconciler, and for how long; and what the audit found."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.utils import timezone

from config import clients
from orders.models import Order
from orders.standing import measure_backlog, measure_drift
from orders.states import Status
from products_client import ProductsUnavailable, ReservationRequest
from service_kit.testing.counting import gauge
from service_kit.testing.log_lines import LogLines
from tests.fake_products_api import FakeProductsApi
from tests.world import alerts, increasing_order, order_in, place, reconcile, unfinished_order

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def waiting() -> dict[str, float | None]:
    measure_backlog()
    names = ["orders_in_doubt", "orders_unsynced"]
    return {name: gauge(name) for name in names}


def age(name: str) -> float:
    measured = gauge(f"orders_{name}_oldest_age_seconds")
    assert measured is not None
    return measured


@pytest.mark.usefixtures("products")
def test_orders_that_are_settled_do_not_wait(lamp: int) -> None:
    for status in Status:
        order_in(status, lamp, 1)
    reconcile()

    assert waiting() == {"orders_in_doubt": 0, "orders_unsynced": 0}
    assert (age("in_doubt"), age("unsynced")) == (0, 0)


@pytest.mark.usefixtures("products")
def test_placings_and_increases_that_are_not_decided_are_in_doubt_since_they_began(lamp: int) -> None:
    unfinished_order(lamp, age=timedelta(seconds=7))
    increasing_order(lamp, age=timedelta(seconds=4))

    assert waiting() == {"orders_in_doubt": 2, "orders_unsynced": 0}
    assert 7 <= age("in_doubt") < 8


@pytest.mark.usefixtures("products")
def test_the_oldest_of_them_may_be_an_increase(lamp: int) -> None:
    unfinished_order(lamp, age=timedelta(seconds=1))
    increasing_order(lamp, age=timedelta(seconds=4))

    measure_backlog()

    assert 4 <= age("in_doubt") < 5


@pytest.mark.usefixtures("products")
def test_what_was_canceled_and_not_given_back_is_unsynced_since_it_was_canceled(lamp: int) -> None:
    order = order_in(Status.CANCELED, lamp)
    Order.objects.filter(pk=order.pk).update(updated_at=timezone.now() - timedelta(seconds=30))

    assert waiting() == {"orders_in_doubt": 0, "orders_unsynced": 1}
    assert 30 <= age("unsynced") < 31


@pytest.mark.usefixtures("products")
def test_what_was_in_doubt_and_is_given_up_is_unsynced_until_it_is_given_back(lamp: int) -> None:
    unfinished_order(lamp, age=timedelta(seconds=11))

    assert waiting() == {"orders_in_doubt": 1, "orders_unsynced": 0}
    reconcile()
    assert waiting() == {"orders_in_doubt": 0, "orders_unsynced": 0}


@pytest.mark.usefixtures("products")
def test_one_query_measures_it_all(lamp: int, django_assert_num_queries: "DjangoAssertNumQueries") -> None:
    unfinished_order(lamp)
    order_in(Status.CANCELED, lamp)

    with django_assert_num_queries(1):
        measure_backlog()


def test_every_kind_of_drift_is_told_and_the_time_of_the_audit(
    products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    place(lamp)
    orphan = ReservationRequest(id=uuid4(), product_id=lamp, quantity=1, revision=1)
    clients.products().put_reservations([orphan])
    products.reservations.pop(place(lamp).reservation_id)
    before = timezone.now().timestamp()

    measure_drift(clients.products())

    found = {kind: gauge("orders_audit_drifts", kind=kind) for kind in ("different", "ahead", "missing", "orphan")}
    assert found == {"different": 0, "ahead": 0, "missing": 1, "orphan": 1}
    assert (gauge("orders_audit_completed_timestamp_seconds") or 0) >= before
    assert alerts(logged) == ["the audit found drift"]


def test_without_drift_all_kinds_are_zero_and_nobody_is_alarmed(
    products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    place(lamp)

    measure_drift(clients.products())

    kinds = ("different", "ahead", "missing", "orphan", "stock")
    assert [gauge("orders_audit_drifts", kind=kind) for kind in kinds] == [0] * 5
    assert alerts(logged) == []


def test_an_audit_that_breaks_off_leaves_what_the_last_one_found(products: FakeProductsApi, lamp: int) -> None:
    products.reservations.pop(place(lamp).reservation_id)
    measure_drift(clients.products())
    audited_at = gauge("orders_audit_completed_timestamp_seconds")
    products.unreachable = True

    with pytest.raises(ProductsUnavailable):
        measure_drift(clients.products())

    assert gauge("orders_audit_drifts", kind="missing") == 1
    assert gauge("orders_audit_completed_timestamp_seconds") == audited_at
