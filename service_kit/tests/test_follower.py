"""The follower of a feed: each event is applied once, whatever breaks off."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest
from django.db import IntegrityError
from prometheus_client import REGISTRY

from service_kit.following.follower import Event, FeedUnreadable, Follower, PositionLost, begin_anew
from service_kit.following.models import FollowedFeed
from service_kit.testing.log_lines import LogLines
from service_kit.testing.threads import at_once
from things.models import Thing

pytestmark = pytest.mark.django_db(transaction=True)


class Feed:
    """A feed in memory, whose positions are the numbers of its events."""

    def __init__(self) -> None:
        self.events: list[dict[str, object]] = []
        self.requests: list[httpx.Request] = []
        self.instead: list[httpx.Response] = []
        self.gone = 0

    def add(self, *names: str, age: timedelta = timedelta(0)) -> None:
        at = (datetime.now(UTC) - age).isoformat()
        for name in names:
            number = str(len(self.events) + 1)
            event: dict[str, object] = {"id": number, "type": "thing.made", "subject": number, "time": at}
            self.events.append({**event, "data": {"name": name}})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.instead:
            return self.instead.pop(0)
        after = int(request.url.params.get("after", "0"))
        if after < self.gone:
            return httpx.Response(410, text="gone")
        batch = self.events[after : after + int(request.url.params["limit"])]
        return httpx.Response(200, content=msgspec.json.encode(batch))


@pytest.fixture
def feed() -> Feed:
    return Feed()


def make_thing(event: Event) -> None:
    Thing.objects.create(name=event.data["name"], price=1)


def follower(
    feed: Callable[[httpx.Request], httpx.Response], *, apply: Callable[[Event], None] = make_thing, limit: int = 500
) -> Follower:
    return Follower(
        "things",
        url="http://shop.test/internal/v1/things/",
        token=lambda: "a.token",
        apply=apply,
        limit=limit,
        transport=httpx.MockTransport(feed),
    )


def made() -> list[str]:
    return list(Thing.objects.order_by("pk").values_list("name", flat=True))


def lag() -> float | None:
    return REGISTRY.get_sample_value("feed_lag_seconds", {"feed": "things"})


def test_events_are_applied_in_order_and_each_once(feed: Feed) -> None:
    feed.add("a", "b", "c")
    following = follower(feed, limit=2)

    assert [following.step() for _ in range(3)] == [2, 1, 0]
    feed.add("d")
    assert following.step() == 1

    assert made() == ["a", "b", "c", "d"]
    assert feed.requests[0].headers["Authorization"] == "Bearer a.token"
    assert [request.url.params.get("after") for request in feed.requests] == [None, "2", "3", "3"]


def test_another_process_goes_on_where_the_last_one_was(feed: Feed) -> None:
    feed.add("a")
    follower(feed).step()
    feed.add("b")

    follower(feed).step()

    assert made() == ["a", "b"]


def test_an_event_that_cannot_be_applied_undoes_its_batch(feed: Feed) -> None:
    feed.add("a", "b", "c")
    broken = True

    def apply(event: Event) -> None:
        if broken and event.data["name"] == "b":
            raise IntegrityError("no space")
        make_thing(event)

    following = follower(feed, apply=apply)
    with pytest.raises(IntegrityError):
        following.step()
    assert made() == []

    broken = False
    following.step()

    assert made() == ["a", "b", "c"]


def test_a_batch_that_another_instance_has_applied_is_left_alone(feed: Feed) -> None:
    feed.add("a")
    other = follower(feed)

    def transport(request: httpx.Request) -> httpx.Response:
        answer = feed(request)
        other.step()
        return answer

    assert follower(transport).step() == 0
    assert made() == ["a"]


@pytest.mark.postgresql("SQLite in memory is one connection")
def test_instances_that_run_at_once_apply_each_event_once(feed: Feed) -> None:
    feed.add(*(str(number) for number in range(50)))

    def follow() -> int:
        following = follower(feed, limit=5)
        return sum(following.step() for _ in range(40))

    assert sum(at_once([follow] * 4)) == 50
    assert made() == [str(number) for number in range(50)]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503, text="no database"),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=b'[{"id": 1}]'),
        httpx.Response(302, headers={"Location": "http://elsewhere.test/"}),
    ],
)
def test_what_is_no_batch_changes_nothing(feed: Feed, answer: httpx.Response) -> None:
    feed.add("a")
    feed.instead.append(answer)

    with pytest.raises(FeedUnreadable):
        follower(feed).step()

    assert made() == []
    assert follower(feed).step() == 1


def test_a_lost_position_is_told_until_somebody_begins_anew(feed: Feed) -> None:
    feed.add("a", "b")
    follower(feed, limit=1).step()
    feed.gone = 2
    with pytest.raises(PositionLost):
        follower(feed).step()

    feed.gone = 0
    begin_anew("things")

    assert FollowedFeed.objects.get().position == ""
    assert follower(feed).step() == 2


def test_the_lag_is_measured(feed: Feed) -> None:
    feed.add("a", age=timedelta(seconds=90))
    following = follower(feed)

    following.step()
    behind = lag()
    following.step()

    assert behind is not None
    assert 90 <= behind < 120
    assert lag() == 0


def test_the_lag_grows_while_the_feed_cannot_be_followed() -> None:
    stopping = threading.Event()

    def fail(request: httpx.Request) -> httpx.Response:
        stopping.set()
        return httpx.Response(503)

    follower(fail).run(stopping)

    assert (lag() or 0) > 0


def test_running_goes_on_after_failures(feed: Feed, logged: LogLines) -> None:
    stopping = threading.Event()
    feed.add("a")
    feed.instead.append(httpx.Response(503))

    def apply(event: Event) -> None:
        make_thing(event)
        stopping.set()

    follower(feed, apply=apply).run(stopping)

    assert made() == ["a"]
    assert [line["event"] for line in logged if line["level"] == "warning"] == ["the feed was not followed"]
