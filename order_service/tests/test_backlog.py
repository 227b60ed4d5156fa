"""The metrics of the reconciler's backlog and of the audit."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from orders.backlog import measure_backlog, measure_drift
from orders.models import Order
from orders.states import Status
from products_client import ProductsUnavailable
from products_stand_in.api import FakeProductsApi
from service_kit.testing.counting import gauge
from service_kit.testing.log_lines import LogLines
from tests.checks import alerts, reconcile, reserve
from tests.factories import increasing_order, order_in, place, placing_order

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
    return round(measured, 2)  # SQLite's clock counts milliseconds


def test_settled_orders_are_no_backlog(lamp: int) -> None:
    for status in Status:
        order_in(status, lamp, 1)
    reconcile()

    assert waiting() == {"orders_in_doubt": 0, "orders_unsynced": 0}
    assert (age("in_doubt"), age("unsynced")) == (0, 0)


@pytest.mark.parametrize(("placement", "increase"), [(7, 4), (1, 4)], ids=["a placement", "an increase"])
def test_placements_and_increases_are_undecided_and_the_oldest_may_be(lamp: int, placement: int, increase: int) -> None:
    placing_order(lamp, age=timedelta(seconds=placement))
    increasing_order(lamp, age=timedelta(seconds=increase))

    assert waiting() == {"orders_in_doubt": 2, "orders_unsynced": 0}
    assert 0 <= age("in_doubt") - max(placement, increase) < 60


def test_a_canceled_order_is_unsynced_from_its_cancel_until_it_is_pushed(lamp: int) -> None:
    order = order_in(Status.CANCELED, lamp)
    Order.objects.filter(pk=order.pk).update(updated_at=timezone.now() - timedelta(seconds=30))

    assert waiting() == {"orders_in_doubt": 0, "orders_unsynced": 1}
    assert 30 <= age("unsynced") < 90


def test_an_aborted_order_is_no_backlog_once_it_is_pushed(lamp: int) -> None:
    placing_order(lamp, age=timedelta(seconds=11))

    assert waiting() == {"orders_in_doubt": 1, "orders_unsynced": 0}
    reconcile()
    assert waiting() == {"orders_in_doubt": 0, "orders_unsynced": 0}


def test_two_queries_measure_it_all(lamp: int, django_assert_num_queries: "DjangoAssertNumQueries") -> None:
    placing_order(lamp)
    order_in(Status.CANCELED, lamp)

    with django_assert_num_queries(2):
        measure_backlog()


def test_every_kind_of_drift_and_the_time_of_the_audit_are_reported(
    products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    place(lamp)
    reserve(product_id=lamp, quantity=1)
    products.reservations.pop(place(lamp).reservation_id)
    before = timezone.now().timestamp()

    measure_drift()

    found = {kind: gauge("orders_audit_drifts", kind=kind) for kind in ("different", "ahead", "missing", "orphan")}
    assert found == {"different": 0, "ahead": 0, "missing": 1, "orphan": 1}
    assert (gauge("orders_audit_completed_timestamp_seconds") or 0) >= before
    assert alerts(logged) == ["the audit found drift"]


def test_without_drift_all_kinds_are_zero_and_nothing_is_alerted(
    products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    place(lamp)

    measure_drift()

    kinds = ("different", "ahead", "missing", "orphan", "stock")
    assert [gauge("orders_audit_drifts", kind=kind) for kind in kinds] == [0] * 5
    assert alerts(logged) == []


def test_an_audit_that_breaks_off_leaves_the_metrics_of_the_last_one(products: FakeProductsApi, lamp: int) -> None:
    products.reservations.pop(place(lamp).reservation_id)
    measure_drift()
    audited_at = gauge("orders_audit_completed_timestamp_seconds")
    products.unreachable = True

    with pytest.raises(ProductsUnavailable):
        measure_drift()

    assert gauge("orders_audit_drifts", kind="missing") == 1
    assert gauge("orders_audit_completed_timestamp_seconds") == audited_at
