"""Overload: who would wait too long is turned away before anything is begun, and whoever need not wait is served."""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from rest_framework.test import APIClient

from orders import services
from orders.bulkhead import Bulkhead
from orders.errors import Overloaded
from orders.group_commit import GroupCommit, StillRunning
from orders.models import Order
from orders.placing import Draft, Placed
from service_kit.testing.problems import assert_problem
from tests.fake_products_api import FakeProductsApi
from tests.world import ORDERS, address, agrees, place, read, sync

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_bulkhead(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every place is taken by somebody who waits for products."""
    bulkhead = Bulkhead(1)
    monkeypatch.setattr(services, "bulkhead", bulkhead)
    with bulkhead:
        yield


@pytest.mark.usefixtures("full_bulkhead")
def test_when_no_place_is_free_nothing_is_begun(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert_problem(response, status=503, slug="overloaded")
    assert int(response["Retry-After"]) >= 1
    assert not Order.objects.exists()
    assert products.requests == []


def test_when_no_place_is_free_no_increase_is_begun(
    customer: APIClient, products: FakeProductsApi, lamp: int, request: pytest.FixtureRequest
) -> None:
    order = place(lamp)
    request.getfixturevalue("full_bulkhead")

    response = customer.patch(address(order), {"quantity": 5})

    assert_problem(response, status=503, slug="overloaded")
    assert read(order).target_quantity is None
    assert sync(order) == (1, 1, False)


@pytest.mark.parametrize("change", [{"quantity": 1}, {"status": "canceled"}, {"quantity": 2}], ids=repr)
def test_whoever_need_not_wait_for_products_is_served(
    customer: APIClient, lamp: int, request: pytest.FixtureRequest, change: dict[str, object]
) -> None:
    order = place(lamp)
    request.getfixturevalue("full_bulkhead")

    assert customer.patch(address(order), change).status_code == 200
    assert customer.get(address(order)).status_code == 200
    assert customer.get(ORDERS).status_code == 200


def test_a_place_is_free_again_when_its_request_is_over(
    customer: APIClient, products: FakeProductsApi, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "bulkhead", Bulkhead(1))

    statuses = [
        customer.post(ORDERS, {"product_id": lamp, "quantity": quantity}).status_code for quantity in (2, 11, 3)
    ]

    assert statuses == [201, 409, 201]
    assert agrees(products, lamp)


def test_a_bulkhead_has_as_many_places_as_were_said_and_has_them_again() -> None:
    bulkhead = Bulkhead(2)

    for _ in range(2):
        with ExitStack() as places:
            places.enter_context(bulkhead)
            places.enter_context(bulkhead)
            with pytest.raises(Overloaded):
                places.enter_context(bulkhead)


def test_a_placing_that_no_group_takes_in_time_is_turned_away(
    customer: APIClient, products: FakeProductsApi, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, gate = threading.Event(), threading.Event()

    def hold_up(drafts: Sequence[Draft]) -> list[Placed | Exception]:
        begun.set()
        assert gate.wait(10)
        return [Overloaded() for _ in drafts]

    monkeypatch.setattr(services, "placings", GroupCommit(hold_up, largest=100))
    monkeypatch.setattr(services, "PATIENCE", 0.05)

    def lead() -> None:
        with pytest.raises(Overloaded):
            services.place_order(owner="somebody", product_id=lamp, quantity=1)

    with ThreadPoolExecutor(1) as threads:
        leader = threads.submit(lead)
        assert begun.wait(10)
        began = time.monotonic()

        response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

        waited = time.monotonic() - began
        gate.set()
        leader.result(10)
    assert_problem(response, status=503, slug="overloaded")
    assert waited < 1
    assert not Order.objects.exists()


def test_a_placing_whose_group_is_not_done_in_time_is_told_that_nobody_knows(
    customer: APIClient, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never_done(*_: object, **__: object) -> Placed:
        raise StillRunning

    monkeypatch.setattr(services.placings, "submit", never_done)

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert_problem(response, status=503, slug="outcome-unknown")
