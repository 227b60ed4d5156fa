"""
Feed a broker with the events of orders: the core of a management command of a service that follows order_service.

`publish` returns when the broker has the event. The broker is no part of the transaction in which the position moves
on: after a failure it gets a batch again, and its consumers ignore an id that they have had.
"""

import threading
from collections.abc import Callable
from functools import partial

import msgspec

from service_kit.auth.service_token import service_token
from service_kit.following.follower import Event, Follower

Publish = Callable[[str, str, bytes], None]  # topic, key (one order's events stay in order), value


def feed(publish: Publish, *, url: str, stopping: threading.Event) -> None:
    """Publish every event of the feed at `url` until `stopping` is set."""

    def apply(event: Event) -> None:
        publish("orders", event.subject, msgspec.json.encode(event))

    token = partial(service_token, audience="order_service", scope="orders:follow")
    Follower("orders", url=url, token=token, apply=apply).run(stopping)
