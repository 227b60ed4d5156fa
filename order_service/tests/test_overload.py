"""Overload: requests that would wait too long are refused before anything is begun; the others are served."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from rest_framework.test import APIClient

from orders import batcher, services
from orders.batcher import PlacementBatcher
from orders.bulkhead import Bulkhead
from orders.drafts import Answer, Draft, Placed
from orders.errors import Overloaded, TooManyAtOnce
from orders.group_commit import GroupCommit, StillRunning
from orders.models import Order
from orders.placement import place_group
from products_stand_in.api import FakeProductsApi
from service_kit.testing.problems import assert_problem
from tests.checks import agrees, sync_state
from tests.factories import CUSTOMER, ORDERS, order_url, place, read

pytestmark = pytest.mark.django_db

MORE = {"quantity": 5}


@pytest.fixture
def full_bulkhead(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The only slot is occupied by a request that waits for product_service."""
    bulkhead = Bulkhead(1, share=1)
    monkeypatch.setattr(services, "bulkhead", bulkhead)
    with bulkhead.slot("another"):
        yield


@pytest.mark.parametrize("method", ["post", "patch"], ids=["an order placement", "an increase"])
def test_without_a_free_slot_none_is_begun(
    customer: APIClient, products: FakeProductsApi, lamp: int, request: pytest.FixtureRequest, method: str
) -> None:
    order = place(lamp)
    request.getfixturevalue("full_bulkhead")
    where, body = (ORDERS, {"product_id": lamp, "quantity": 2}) if method == "post" else (order_url(order), MORE)

    response = getattr(customer, method)(where, body)

    assert_problem(response, status=503, slug="overloaded")
    assert int(response["Retry-After"]) >= 1
    assert (Order.objects.count(), len(products.requests)) == (1, 1)
    assert (read(order).target_quantity, sync_state(order)) == (None, (1, 1, False))


@pytest.mark.parametrize("change", [{"quantity": 1}, {"status": "canceled"}, {"quantity": 2}], ids=repr)
def test_requests_that_do_not_need_product_service_are_served(
    customer: APIClient, lamp: int, request: pytest.FixtureRequest, change: dict[str, object]
) -> None:
    order = place(lamp)
    request.getfixturevalue("full_bulkhead")

    assert customer.patch(order_url(order), change).status_code == 200
    assert customer.get(order_url(order)).status_code == 200
    assert customer.get(ORDERS).status_code == 200


def test_a_slot_is_free_again_when_its_request_has_ended(
    customer: APIClient, products: FakeProductsApi, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "bulkhead", Bulkhead(1, share=1))

    statuses = [
        customer.post(ORDERS, {"product_id": lamp, "quantity": quantity}).status_code for quantity in (2, 11, 3)
    ]

    assert statuses == [201, 409, 201]
    assert agrees(products, lamp)


@pytest.mark.parametrize(
    ("slots", "share", "served", "refused", "error"),
    [(2, 1, ["a", "b"], "c", Overloaded), (5, 2, ["a", "a", "b", "c"], "a", TooManyAtOnce)],
    ids=["as many as configured", "a share for each owner"],
)
def test_a_bulkhead_has_slots_and_frees_them(
    slots: int, share: int, served: list[str], refused: str, error: type[Exception]
) -> None:
    bulkhead = Bulkhead(slots, share=share)

    for _ in range(2):
        with ExitStack() as taken:
            for owner in served:
                taken.enter_context(bulkhead.slot(owner))
            with pytest.raises(error):
                taken.enter_context(bulkhead.slot(refused))


@pytest.mark.parametrize("method", ["post", "patch"])
def test_whoever_has_used_up_a_share_is_refused_while_others_are_served(
    customer: APIClient,
    stranger: APIClient,
    products: FakeProductsApi,
    lamp: int,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    order = place(lamp)
    monkeypatch.setattr(services, "bulkhead", Bulkhead(2, share=1))
    calls = len(products.requests)

    with services.bulkhead.slot(CUSTOMER):
        where, body = (ORDERS, {"product_id": lamp, "quantity": 2}) if method == "post" else (order_url(order), MORE)
        refused = getattr(customer, method)(where, body)
        served = stranger.post(ORDERS, {"product_id": lamp, "quantity": 1})

    assert_problem(refused, status=429, slug="too-many-requests")
    assert int(refused["Retry-After"]) >= 1
    assert (served.status_code, len(products.requests) - calls) == (201, 1)
    assert (read(order).quantity, read(order).revision) == (2, 1)


@pytest.fixture
def held_up_group(monkeypatch: pytest.MonkeyPatch, lamp: int) -> Iterator[None]:
    """The first group waits for its answer, which is that it is overloaded, until the test has ended."""
    begun, gate = threading.Event(), threading.Event()

    def hold_up_the_first(drafts: Sequence[Draft]) -> list[Answer]:
        if begun.is_set():
            return place_group(drafts)
        begun.set()
        assert gate.wait(60)
        return [Overloaded() for _ in drafts]

    def lead() -> None:
        with pytest.raises(Overloaded):
            services.place_order(owner="somebody", product_id=lamp, quantity=1)

    monkeypatch.setattr(batcher, "place_group", hold_up_the_first)
    monkeypatch.setattr(services, "batcher", PlacementBatcher())
    with ThreadPoolExecutor(1) as threads:
        leader = threads.submit(lead)
        assert begun.wait(10)
        yield
        assert not leader.done()
        gate.set()
        leader.result(10)


def test_a_request_that_no_group_takes_in_time_is_overloaded(
    customer: APIClient, lamp: int, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(batcher, "QUEUE_TIMEOUT", 0.05)
    monkeypatch.setattr(batcher, "LEAD_TIMEOUT", 60.0)
    request.getfixturevalue("held_up_group")

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert_problem(response, status=503, slug="overloaded")
    assert not Order.objects.exists()


@pytest.mark.usefixtures("held_up_group")
def test_a_request_is_placed_beside_a_group_whose_call_takes_a_second_try(customer: APIClient, lamp: int) -> None:
    assert customer.post(ORDERS, {"product_id": lamp, "quantity": 2}).status_code == 201


def test_the_outcome_of_a_request_whose_group_does_not_finish_in_time_is_unknown(
    customer: APIClient, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never_done(*_: object, **__: object) -> Placed:
        raise StillRunning

    monkeypatch.setattr(GroupCommit, "submit", never_done)

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert_problem(response, status=503, slug="outcome-unknown")
