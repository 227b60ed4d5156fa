"""Asking again: how often, after how long a wait, and never after the deadline."""

from collections.abc import Callable, Iterator
from uuid import UUID

import httpx
import pytest

from products_client import Attempt, NoAnswer, OutcomeUnknown, ProductsClient, ProductsUnavailable, ReservationRequest
from tests.clock import Clock
from tests.fake_products_api import FakeProductsApi

ONE = UUID("00000000-0000-4000-8000-000000000001")
TIMEOUTS = [httpx.ConnectTimeout, httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout]
BROKEN = [httpx.ConnectError, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.sleep", clock.sleep)
    return clock


@pytest.fixture
def fake() -> FakeProductsApi:
    return FakeProductsApi()


def read(client: ProductsClient, deadline: float | None = None) -> None:
    client.get_product(1, deadline=deadline)


def reserve(client: ProductsClient, deadline: float | None = None) -> None:
    client.put_reservations([ReservationRequest(id=ONE, product_id=1, quantity=2, revision=1)], deadline=deadline)


both_calls = pytest.mark.parametrize(("ask", "lost"), [(read, ProductsUnavailable), (reserve, OutcomeUnknown)])
Ask = Callable[..., None]


def hang_for_the_whole_timeout(fake: FakeProductsApi, clock: Clock) -> None:
    fake.hang = True

    def pass_time(request: httpx.Request) -> None:
        clock.seconds += request.extensions["timeout"]["read"]

    fake.on_request = pass_time


def fail_once(fake: FakeProductsApi, error: type[httpx.RequestError]) -> None:
    def fail(request: httpx.Request) -> None:
        if len(fake.requests) == 1:
            raise error("broken", request=request)

    fake.on_request = fail


@pytest.mark.parametrize("error", [*TIMEOUTS, *BROKEN])
@both_calls
def test_a_broken_exchange_is_tried_again(
    fake: FakeProductsApi, clock: Clock, ask: Ask, lost: type[NoAnswer], error: type[httpx.RequestError]
) -> None:
    fake.add_product()
    fail_once(fake, error)

    with fake.client(now=clock) as client:
        ask(client)

    assert len(fake.requests) == 2


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@both_calls
def test_a_server_that_fails_is_tried_again(
    fake: FakeProductsApi, clock: Clock, ask: Ask, lost: type[NoAnswer], status: int
) -> None:
    fake.add_product()
    fake.answer_with(status)

    with fake.client(now=clock) as client:
        ask(client)

    assert len(fake.requests) == 2


@pytest.mark.parametrize("fault", ["unreachable", "hang", "unavailable"])
@both_calls
def test_there_are_three_tries_and_then_nothing_is_known(
    fake: FakeProductsApi, clock: Clock, ask: Ask, lost: type[NoAnswer], fault: str
) -> None:
    setattr(fake, fault, True)

    with fake.client(now=clock) as client, pytest.raises(lost) as raised:
        ask(client)

    assert len(fake.requests) == 3
    assert raised.value.status == (503 if fault == "unavailable" else None)


@pytest.mark.parametrize("status", [400, 401, 403, 408, 409, 413, 422, 425, 429])
@both_calls
def test_a_4xx_is_never_tried_again(
    fake: FakeProductsApi, clock: Clock, ask: Ask, lost: type[NoAnswer], status: int
) -> None:
    fake.answer_with(status, headers={"Retry-After": "0"})

    with fake.client(now=clock) as client, pytest.raises(Exception, match=str(status)):
        ask(client)

    assert len(fake.requests) == 1


def test_an_answer_that_was_lost_is_had_by_the_next_try_and_nothing_is_taken_twice(
    fake: FakeProductsApi, clock: Clock
) -> None:
    lamp = fake.add_product(stock=5)
    fake.lose_answers(2)

    with fake.client(now=clock) as client:
        reserve(client)

    assert (fake.stock(lamp), fake.reserved(ONE)) == (3, 2)
    assert len({request.content for request in fake.requests}) == 1


def test_the_outcome_is_unknown_when_every_answer_was_lost_though_the_stock_was_taken(
    fake: FakeProductsApi, clock: Clock
) -> None:
    lamp = fake.add_product(stock=5)
    fake.lose_answers(3)

    with fake.client(now=clock) as client, pytest.raises(OutcomeUnknown):
        reserve(client)

    assert fake.stock(lamp) == 3


def test_waits_are_short_and_differ(fake: FakeProductsApi, clock: Clock) -> None:
    fake.unavailable = True

    with fake.client(now=clock) as client:
        for _ in range(50):
            with pytest.raises(OutcomeUnknown):
                reserve(client)

    assert len(clock.waits) == 100
    assert all(0.05 <= wait <= 0.3 for wait in clock.waits)
    assert len(set(clock.waits[::2])) > 25


def test_a_retry_after_that_fits_is_honoured(fake: FakeProductsApi, clock: Clock) -> None:
    fake.add_product()
    fake.answer_with(503, headers={"Retry-After": "1"})

    with fake.client(now=clock) as client:
        reserve(client)

    assert clock.waits == [1.0]


@pytest.mark.parametrize("seconds", ["3", "3600", "9" * 400])
def test_a_retry_after_that_does_not_fit_ends_the_call(fake: FakeProductsApi, clock: Clock, seconds: str) -> None:
    fake.answer_with(503, headers={"Retry-After": seconds})

    with fake.client(now=clock) as client, pytest.raises(OutcomeUnknown):
        reserve(client)

    assert (len(fake.requests), clock.waits) == (1, [])


@pytest.mark.parametrize("value", ["0", "", "-1", "1.5", "soon", "3e0", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_retry_after_that_is_no_number_of_seconds_changes_nothing(
    fake: FakeProductsApi, clock: Clock, value: str
) -> None:
    fake.add_product()
    fake.answer_with(503, headers={"Retry-After": value})

    with fake.client(now=clock) as client:
        reserve(client)

    assert len(clock.waits) == 1
    assert 0.05 <= clock.waits[0] <= 0.3


@both_calls
def test_nothing_is_sent_after_the_deadline(
    fake: FakeProductsApi, clock: Clock, ask: Ask, lost: type[NoAnswer]
) -> None:
    with fake.client(now=clock) as client, pytest.raises(lost, match="deadline"):
        ask(client, deadline=clock())

    assert fake.requests == []


@both_calls
def test_a_server_that_hangs_costs_at_most_the_budget(
    fake: FakeProductsApi, clock: Clock, ask: Ask, lost: type[NoAnswer]
) -> None:
    hang_for_the_whole_timeout(fake, clock)
    began = clock()

    with fake.client(now=clock) as client, pytest.raises(lost):
        ask(client)

    assert len(fake.requests) in {2, 3}
    assert clock() - began <= 2.5


def test_a_wait_that_would_not_leave_time_to_ask_is_not_begun(fake: FakeProductsApi, clock: Clock) -> None:
    fake.unavailable = True

    with fake.client(now=clock) as client, pytest.raises(OutcomeUnknown):
        reserve(client, deadline=clock() + 0.3)

    assert (len(fake.requests), clock.waits) == (1, [])


def test_the_timeouts_of_a_try_are_those_of_the_budget(fake: FakeProductsApi, clock: Clock) -> None:
    fake.add_product()

    with fake.client(now=clock) as client:
        reserve(client)

    assert fake.requests[0].extensions["timeout"] == {"connect": 0.25, "write": 0.5, "read": 0.8, "pool": 0.1}


def test_the_timeouts_of_a_try_are_no_longer_than_what_is_left(fake: FakeProductsApi, clock: Clock) -> None:
    fake.add_product()

    with fake.client(now=clock) as client:
        reserve(client, deadline=clock() + 0.2)

    assert fake.requests[0].extensions["timeout"] == pytest.approx(
        {"connect": 0.2, "write": 0.2, "read": 0.2, "pool": 0.1}
    )


def test_an_answer_that_trickles_in_is_given_up_at_the_deadline(clock: Clock) -> None:
    sent: list[float] = []

    class Trickle(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                clock.seconds += 0.7
                sent.append(clock.seconds)
                yield b" "

    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Trickle()))
    began = clock()

    with (
        ProductsClient("http://products.test", token=str, transport=transport, now=clock) as client,
        pytest.raises(OutcomeUnknown, match="still arriving"),
    ):
        reserve(client)

    assert len(sent) == 4
    assert clock() - began == pytest.approx(2.8)


def test_all_pages_of_a_search_share_one_deadline(fake: FakeProductsApi, clock: Clock) -> None:
    fake.page_limit = 1
    for number in range(9):
        fake.add_product(name=f"Lamp {number}")

    def pass_time(_: httpx.Request) -> None:
        clock.seconds += 0.7

    fake.on_request = pass_time

    with fake.client(now=clock) as client, pytest.raises(ProductsUnavailable, match="deadline"):
        client.find_products(name="Lamp")

    assert len(fake.requests) == 4


def test_every_try_is_observed(fake: FakeProductsApi, clock: Clock) -> None:
    seen: list[Attempt] = []
    fake.add_product()
    fake.answer_with(502)
    fail_once(fake, httpx.ReadTimeout)

    with fake.client(now=clock, observer=seen.append) as client:
        reserve(client)

    assert [(attempt.call, attempt.number, attempt.status, attempt.error) for attempt in seen] == [
        ("put_reservations", 1, None, "ReadTimeout"),
        ("put_reservations", 2, 502, None),
        ("put_reservations", 3, 200, None),
    ]


def test_a_failure_of_our_own_is_not_tried_again(fake: FakeProductsApi, clock: Clock) -> None:
    def no_key() -> str:
        raise LookupError("the key is gone")

    with fake.client(now=clock, token=no_key) as client, pytest.raises(LookupError):
        reserve(client)

    assert (fake.requests, clock.waits) == ([], [])
