"""
The follower of a feed of CloudEvents, as order_service's `/internal/v1/order-events/` is one.

    Follower("orders", url=..., token=partial(service_token, audience=..., scope=...), apply=apply).run(stopping)

`apply` changes this service's own tables. Its changes and the new position are committed together, so that each event
takes effect once, wherever the process dies. Any number of instances may run: one of them applies a batch.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import msgspec
import structlog
from django.db import Error, close_old_connections, transaction
from django.utils import timezone
from prometheus_client import Counter, Gauge

from service_kit.following.models import FollowedFeed

LAG = Gauge(
    "feed_lag_seconds",
    "By this host's clock, the age of the last event when it was applied, or 0 if there was none to apply; and the "
    "seconds since then, if the feed has not been followed.",
    ["feed"],
)
APPLIED = Counter("feed_events_applied_total", "Events of other services that were applied.", ["feed"])
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
"""Seconds between two tries, while the feed cannot be read or an event cannot be applied; doubled each time."""

log = structlog.get_logger(__name__)


class Event(msgspec.Struct, frozen=True):
    """An event, as CloudEvents 1.0 names its parts. `id` is the position after it, `time` an instant of RFC 3339."""

    id: str
    type: str
    subject: str
    time: str
    data: dict[str, Any]


class FeedUnreadable(Exception):
    """There is no batch: no answer, or another one. Nothing was applied."""


class PositionLost(FeedUnreadable):
    """The feed has no longer what comes next: it was restored, or this service stood still for too long."""


class Follower:
    """
    Applies the events of one feed, in its order.

    :param name: of the feed, in this service's table of positions and in its metrics.
    :param url: where the feed is.
    :param token: returns a bearer token for it.
    :param apply: applies one event, inside a transaction. What it raises undoes the batch, which is tried again.
    :param limit: how many events a batch has at most.
    :param wait: for how many seconds the feed may wait for an event, at most five.
    """

    def __init__(  # noqa: PLR0913 - all but the name are named
        self,
        name: str,
        *,
        url: str,
        token: Callable[[], str],
        apply: Callable[[Event], None],
        limit: int = 500,
        wait: int = 5,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._name, self._url, self._token, self._apply = name, url, token, apply
        self._parameters = {"limit": str(limit), "wait": str(wait)}
        timeout = httpx.Timeout(2.0, read=wait + 2.0)
        self._client = httpx.Client(transport=transport, timeout=timeout, trust_env=False)
        self._lag, self._measured_at = 0.0, time.monotonic()

    def run(self, stopping: threading.Event) -> None:
        """Follow the feed until `stopping` is set. Whatever fails is logged, and tried again."""
        pause = FIRST_PAUSE
        while not stopping.is_set():
            close_old_connections()
            try:
                self.step()
            except PositionLost as error:
                # No traceback: it is the feed's own answer.
                log.error("the feed must be read anew from its beginning", feed=self._name, reason=str(error))  # noqa: TRY400
            except (FeedUnreadable, Error) as error:
                log.warning("the feed was not followed", feed=self._name, reason=str(error).strip())
            except Exception:
                log.exception("an event cannot be applied", feed=self._name)
            else:
                pause = FIRST_PAUSE
                continue
            LAG.labels(self._name).set(self._lag + time.monotonic() - self._measured_at)
            stopping.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def step(self) -> int:
        """
        Read one batch and apply it. Return how many events were applied.

        :raises PositionLost: if the feed has no longer what comes next.
        :raises FeedUnreadable: if there is no batch.
        """
        feed, _ = FollowedFeed.objects.get_or_create(name=self._name)
        batch = self._read(feed.position)
        if not batch:
            self._measure(0.0)
            return 0
        with transaction.atomic(durable=True):
            if FollowedFeed.objects.select_for_update().get(pk=feed.pk).position != feed.position:
                return 0  # another instance has applied it
            for event in batch:
                self._apply(event)
            FollowedFeed.objects.filter(pk=feed.pk).update(position=batch[-1].id)
        APPLIED.labels(self._name).inc(len(batch))
        age = timezone.now() - datetime.fromisoformat(batch[-1].time)
        self._measure(max(0.0, age.total_seconds()))
        return len(batch)

    def _measure(self, lag: float) -> None:
        self._lag, self._measured_at = lag, time.monotonic()
        LAG.labels(self._name).set(lag)

    def _read(self, after: str) -> list[Event]:
        parameters = {**self._parameters, "after": after} if after else self._parameters
        headers = {"Authorization": f"Bearer {self._token()}"}
        try:
            answer = self._client.get(self._url, params=parameters, headers=headers)
        except httpx.HTTPError as error:
            raise FeedUnreadable(f"{type(error).__name__}: {error}") from error
        if answer.status_code == httpx.codes.GONE:
            raise PositionLost(answer.text[:500])
        if answer.status_code != httpx.codes.OK:
            raise FeedUnreadable(f"{answer.status_code}: {answer.text[:500]}")
        try:
            return msgspec.json.decode(answer.content, type=list[Event])
        except msgspec.DecodeError as error:
            raise FeedUnreadable(f"no batch of events: {error}") from error


def begin_anew(name: str) -> None:
    """Forget the position in a feed: all events that it still has are applied again, from the first."""
    FollowedFeed.objects.filter(name=name).update(position="")
