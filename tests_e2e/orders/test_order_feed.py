"""A service follows the orders of a real shop over the internal listener, and misses none of their transitions."""

import json
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any, Self
from uuid import uuid4

import httpx
import pytest

from driver.shop import Actor, Shop, unique
from driver.waiting import eventually
from stack.environment import plain_environment
from stack.keys import Keys, make_keys, sign_token
from stack.places import REPOSITORY
from stack.stack import Database, Stack
from support.problems import assert_problem

pytestmark = pytest.mark.since("order_service", "0.2.0")

FEED = "/internal/v1/order-events/"
BUYERS = 8
FEEDER = """
import os, sys, threading
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["service_kit.following"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[3]}},
    USE_TZ=True,
    SERVICE_NAME="shipping_service",
    SERVICE_TOKEN_KEY=open(sys.argv[2]).read(),
)
django.setup()
from django.core.management import call_command
from feed_a_broker import feed
call_command("migrate", verbosity=0)
publish = lambda topic, key, value: print(topic, key, value.decode(), flush=True)
feed(publish, url=sys.argv[1], stopping=threading.Event())
"""
Event = dict[str, Any]


def read(url: str, token: str, **parameters: str | int) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(url + FEED, params=parameters, headers=headers, timeout=10, trust_env=False)


def token_of(identity: Keys) -> str:
    claims = {"iss": "shipping_service", "aud": "order_service"}
    return sign_token(identity, subject="shipping_service", scope="orders:follow", seconds=300, **claims)


class Shipping:
    """A service that reads the feed in a thread, as the kit's follower does."""

    def __init__(self, shop: Shop, identity: Keys) -> None:
        self.events: list[Event] = []
        self.arrived: dict[str, float] = {}  # by the position of the event
        self._url, self._identity = shop.internal_url, identity
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._failed: list[BaseException] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        assert not self._failed, self._failed

    def of_product(self, product_id: int) -> list[Event]:
        return [event for event in list(self.events) if event["data"]["product_id"] == product_id]

    def of_order(self, order_id: int) -> list[Event]:
        return [event for event in list(self.events) if event["data"]["order_id"] == order_id]

    def _run(self) -> None:
        after: dict[str, str] = {}
        try:
            while not self._stopping.is_set():
                answer = read(self._url, token_of(self._identity), limit=7, wait=2, **after)
                assert answer.status_code == 200, answer.text
                for event in answer.json():
                    self.arrived[event["id"]] = time.monotonic()
                    self.events.append(event)
                    after = {"after": event["id"]}
        except BaseException as error:  # noqa: BLE001 - the test's own thread raises it
            self._failed.append(error)


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """A folder of keys, of which one pair is shipping_service's."""
    return make_keys(tmp_path_factory.mktemp("shipping"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def open_stack(request: pytest.FixtureRequest, identity: Keys) -> Iterator[Stack]:
    """A shop whose orders shipping_service may follow."""
    database: Database = request.param
    if database == "postgresql":
        request.getfixturevalue("postgresql")
    env = {"order_service": {"TRUSTED_SERVICE_SHIPPING_SERVICE": f"{identity.issuer_public} orders:follow"}}
    with Stack(database=database, env=env) as stack:
        yield stack


@pytest.fixture(scope="module")
def open_shop(open_stack: Stack) -> Iterator[Shop]:
    shop = Shop(public_url=open_stack.public_url, internal_url=open_stack.internal_url, keys=open_stack.keys)
    yield shop
    shop.close()


@pytest.fixture
def lamp(open_shop: Shop) -> int:
    staff = open_shop.actor("staff", "clerk")
    return int(staff.create_product(name=unique("Desk lamp"), stock_quantity=1000).json()["id"])


def live_a_life(shop: Shop, number: int, lamp: int) -> dict[int, list[tuple[str, int]]]:
    """Place orders and change them. Return the events that each must have."""
    buyer, staff = shop.actor("customer", f"buyer-{number}"), shop.actor("staff", "clerk")
    told: dict[int, list[tuple[str, int]]] = {}
    for ending in (["canceled"], ["shipped", "delivered"], []):
        order_id = placed(buyer, lamp, quantity=2)
        change(buyer, order_id, quantity=3)
        for status in ending:
            change(staff, order_id, status=status)
        told[order_id] = [("placed", 2), ("quantity-changed", 3), *((status, 3) for status in ending)]
    return told


def placed(buyer: Actor, lamp: int, *, quantity: int = 1) -> int:
    """Place an order, with as many tries as a busy database takes. Return its id."""
    key = str(uuid4())
    answer = eventually(
        lambda: buyer.place_order(product_id=lamp, quantity=quantity, key=key), lambda seen: seen.is_success, within=30
    )
    return int(answer.json()["id"])


def change(actor: Actor, order_id: int, **fields: str | int) -> None:
    """Change an order, and try again until it shows the change: a try whose outcome is unknown may have had effect."""

    def is_changed() -> bool:
        if actor.change_order(order_id, **fields).is_success:
            return True
        shown = actor.get_order(order_id).json()
        return all(shown.get(name) == value for name, value in fields.items())

    eventually(is_changed, bool, within=30)


def test_a_follower_reads_each_transition_once_and_in_the_order_of_its_order(
    open_shop: Shop, identity: Keys, lamp: int
) -> None:
    with Shipping(open_shop, identity) as shipping:
        with ThreadPoolExecutor(BUYERS) as pool:
            lives = list(pool.map(lambda number: live_a_life(open_shop, number, lamp), range(BUYERS)))
        expected = {order_id: events for life in lives for order_id, events in life.items()}
        count = sum(map(len, expected.values()))
        eventually(
            lambda: sum(event["data"]["product_id"] == lamp for event in shipping.events), count.__le__, within=20
        )

    seen: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for event in shipping.of_product(lamp):
        data = event["data"]
        seen[data["order_id"]].append((event["type"].removeprefix("order."), data["quantity"]))
    assert dict(seen) == expected
    assert len(shipping.arrived) == len(shipping.events)


def test_a_waiting_follower_has_an_event_within_a_second(open_shop: Shop, identity: Keys, lamp: int) -> None:
    buyer = open_shop.actor("customer", "early")
    delays = []

    with Shipping(open_shop, identity) as shipping:
        for _ in range(5):
            order_id = placed(buyer, lamp)
            answered = time.monotonic()
            [event] = eventually(lambda order_id=order_id: shipping.of_order(order_id), bool, within=20)  # type: ignore[misc] # bound
            delays.append(shipping.arrived[event["id"]] - answered)

    assert median(delays) < 1


def test_a_follower_that_begins_anew_reads_the_same_events_again(open_shop: Shop, identity: Keys, lamp: int) -> None:
    order_id = placed(open_shop.actor("customer", "late"), lamp)
    readings = []

    for _ in range(2):
        with Shipping(open_shop, identity) as shipping:
            eventually(lambda shipping=shipping: shipping.of_order(order_id), bool, within=20)  # type: ignore[misc] # bound
        readings.append([event["id"] for event in shipping.events])

    assert readings[0] == readings[1]


@pytest.mark.parametrize("role", ["customer", "staff"])
def test_a_user_cannot_follow(open_shop: Shop, role: str) -> None:
    token = open_shop.actor(role, "curious").token or ""

    assert_problem(read(open_shop.internal_url, token), "permission-denied", 403)


def test_the_public_listener_has_no_feed(open_shop: Shop, identity: Keys) -> None:
    assert_problem(read(open_shop.public_url, token_of(identity)), "not-found", 404)


def test_the_example_feeds_a_broker(
    open_shop: Shop, open_stack: Stack, identity: Keys, lamp: int, tmp_path: Path
) -> None:
    order_id = placed(open_shop.actor("customer", "reader"), lamp)
    python, *_ = open_stack.order_service.manage()
    arguments: list[str | Path] = [open_shop.internal_url + FEED, identity.issuer_private, tmp_path / "broker.sqlite3"]
    environment = {**plain_environment(), "PYTHONPATH": str(REPOSITORY / "docs" / "examples")}

    with subprocess.Popen(
        [python, "-c", FEEDER, *arguments], env=environment, stdout=subprocess.PIPE, text=True
    ) as feeding:
        assert feeding.stdout is not None
        lines = (line.split(" ", 2) for line in feeding.stdout)
        topic, _, value = next(line for line in lines if line[1] == str(order_id))
        feeding.kill()

    event = json.loads(value)
    assert (topic, event["type"], event["data"]["product_id"]) == ("orders", "order.placed", lamp)
