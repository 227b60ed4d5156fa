"""The feed of order events: complete, in order, and honest about what is gone."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from orders import feed
from orders.errors import FeedRestored, PositionGone
from orders.events import BY_SYSTEM, OrderEvent
from orders.models import Order
from orders.services import change_order
from orders.states import Status
from service_kit.auth.authentication import Caller
from service_kit.testing.fixtures import client_of
from service_kit.testing.problems import assert_problem
from service_kit.testing.threads import at_once
from tests.factories import place
from tests.feeds import positions

FEED = "/internal/v1/order-events/"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def follower() -> APIClient:
    return client_of(Caller("shipping_service", frozenset({"orders:follow"}), is_service=True))


def test_it_has_each_transition_as_a_cloud_event(follower: APIClient, lamp: int) -> None:
    order = place(lamp)
    change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, status=Status.CANCELED)
    positions(2)

    response = follower.get(FEED)

    assert (response.status_code, response["Content-Type"]) == (200, "application/cloudevents-batch+json")
    placed, canceled = response.json()
    assert (placed["specversion"], placed["type"], placed["subject"]) == ("1.0", "order.placed", str(order.pk))
    product = {"product_id": lamp, "product_name": "Desk lamp", "unit_price": "19.90"}
    state = {"quantity": 2, "status": "pending", "revision": 1, "request_id": ""}
    assert placed["data"] == {"order_id": order.pk, "owner": order.owner, **product, **state}
    changed = canceled["data"]
    assert (canceled["type"], changed["status"], changed["revision"]) == ("order.canceled", "canceled", 2)


def test_it_goes_on_after_a_position(follower: APIClient, lamp: int) -> None:
    for _ in range(5):
        place(lamp, 1)
    positions(5)

    read: list[str] = []
    after = ""
    while batch := follower.get(f"{FEED}?limit=2{after}").json():
        read += [event["subject"] for event in batch]
        after = f"&after={batch[-1]['id']}"

    assert read == [str(pk) for pk in Order.objects.order_by("pk").values_list("pk", flat=True)]


@pytest.mark.parametrize(
    "query", ["after=", "after=x", "after=1-2", "limit=0", "limit=1001", "wait=6", "wait=-1", "x=1"]
)
def test_what_it_does_not_understand_is_refused(follower: APIClient, query: str) -> None:
    assert_problem(follower.get(f"{FEED}?{query}"), status=400, slug="invalid-request")


def test_a_customer_cannot_read_it(customer: APIClient, clerk: APIClient) -> None:
    assert_problem(customer.get(FEED), status=403, slug="permission-denied")
    assert_problem(clerk.get(FEED), status=403, slug="permission-denied")


@pytest.mark.postgresql("SQLite in memory is one connection")
def test_a_reader_waits_for_the_next_event(follower: APIClient, lamp: int) -> None:
    place(lamp)
    [last] = positions(1)
    began = time.monotonic()

    def place_later() -> int:
        time.sleep(0.5)
        return place(lamp).pk

    placed, batch = at_once([place_later, lambda: follower.get(f"{FEED}?after={last}&wait=5").json()])

    assert [event["subject"] for event in batch] == [str(placed)]
    assert time.monotonic() - began < 4


def test_a_reader_waits_no_longer_than_it_asked_for(follower: APIClient) -> None:
    began = time.monotonic()

    assert follower.get(f"{FEED}?wait=1").json() == []
    assert time.monotonic() - began > 0.9


def test_readers_beyond_the_places_are_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = threading.BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr(feed, "_places", taken)
    began = time.monotonic()

    _, entries = feed.read(after=None, limit=1, wait=5)

    assert entries == []
    assert time.monotonic() - began < 3


@pytest.mark.postgresql("SQLite writes one transaction after another")
def test_an_event_that_commits_after_one_with_a_larger_id_is_not_missed(lamp: int) -> None:
    first, second = place(lamp), place(lamp)
    start = positions(2)[-1]
    begun, done = threading.Event(), threading.Event()

    def ship_slowly() -> None:
        with transaction.atomic():
            change_order(order_id=first.pk, owner=None, cause=BY_SYSTEM, status=Status.SHIPPED)
            begun.set()
            done.wait(10)

    def read_meanwhile() -> list[int]:
        begun.wait(10)
        change_order(order_id=second.pk, owner=None, cause=BY_SYSTEM, status=Status.SHIPPED)
        by_id = list(OrderEvent.objects.filter(pk__gt=start.event_id).values_list("order_id", flat=True))
        assert by_id == [second.pk]  # a reader by id goes on from here, and misses the first order's event
        _, entries = feed.read(after=start, limit=10)
        done.set()
        return [entry.order_id for entry in entries]

    _, early = at_once([ship_slowly, read_meanwhile])
    positions(4)
    _, entries = feed.read(after=start, limit=10)

    assert early == []
    assert [entry.order_id for entry in entries] == [first.pk, second.pk]


@pytest.fixture
def five(lamp: int) -> list[feed.Position]:
    """Five events, of which the first three are old."""
    for _ in range(5):
        place(lamp, 1)
    old = OrderEvent.objects.order_by("pk").values_list("pk", flat=True)[:3]
    OrderEvent.objects.filter(pk__in=list(old)).update(at=timezone.now() - timedelta(days=3))
    return positions(5)


def test_old_events_are_deleted_and_their_positions_are_gone(five: list[feed.Position], follower: APIClient) -> None:
    assert feed.delete_events(older_than=timedelta(days=2)) == 3
    assert feed.delete_events(older_than=timedelta(days=2)) == 0

    assert positions(2) == five[3:]
    assert_problem(follower.get(f"{FEED}?after={five[0]}"), status=410, slug="position-gone")
    for position, rest in ((five[2], 2), (five[3], 1), (five[4], 0)):
        assert len(follower.get(f"{FEED}?after={position}").json()) == rest


def test_an_old_event_behind_a_younger_one_is_kept(five: list[feed.Position]) -> None:
    OrderEvent.objects.filter(pk=five[0].event_id).update(at=timezone.now())

    assert feed.delete_events(older_than=timedelta(days=2)) == 0
    assert positions(5) == five


def test_a_renewed_feed_refuses_the_positions_of_the_one_before(five: list[feed.Position], follower: APIClient) -> None:
    feed.renew()

    assert_problem(follower.get(f"{FEED}?after={five[-1]}"), status=410, slug="position-gone")
    assert [position.event_id for position in positions(5)] == [position.event_id for position in five]


@pytest.mark.postgresql("SQLite has no numbers of transactions")
def test_a_database_that_was_restored_elsewhere_says_so(five: list[feed.Position], lamp: int) -> None:
    OrderEvent.objects.update(transaction=10**15)

    with pytest.raises(FeedRestored):
        feed.read(after=None, limit=10)

    feed.renew()
    place(lamp)
    assert len(positions(6)) == 6


def test_a_position_of_nowhere_is_gone(five: list[feed.Position]) -> None:
    with pytest.raises(PositionGone):
        feed.read(after=feed.Position(1, 2, 3), limit=1)
