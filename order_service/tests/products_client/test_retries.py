"""Retries: which failures are tried again, how often, and after how long a wait."""

from contextlib import nullcontext

import httpx
import pytest

from products_client import Attempt, NoAnswer, OutcomeUnknown, ProductsClient, RequestRejected
from products_stand_in.api import FakeProductsApi
from tests.client_calls import ONE, Call, both_calls, read, reserve
from tests.clock import Clock

TIMEOUTS = [httpx.ConnectTimeout, httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout]
BROKEN = [httpx.ConnectError, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError]


def fail_once(fake: FakeProductsApi, error: type[httpx.RequestError]) -> None:
    def fail() -> None:
        raise error("broken", request=fake.requests[-1])

    fake.on_next_request(fail)


@pytest.mark.parametrize("failure", [*TIMEOUTS, *BROKEN, 500, 502, 503, 504])
@both_calls
def test_a_broken_exchange_and_a_failing_server_are_tried_again(
    fake: FakeProductsApi,
    client: ProductsClient,
    call: Call,
    error: type[NoAnswer],
    failure: int | type[httpx.RequestError],
) -> None:
    fake.add_product()
    if isinstance(failure, int):
        fake.answer_with(failure)
    else:
        fail_once(fake, failure)

    call(client)

    assert len(fake.requests) == 2


@pytest.mark.parametrize("fault", ["unreachable", "hang", "unavailable"])
@both_calls
def test_there_are_three_tries_and_then_nothing_is_known(
    fake: FakeProductsApi, client: ProductsClient, call: Call, error: type[NoAnswer], fault: str
) -> None:
    setattr(fake, fault, True)

    with pytest.raises(error) as raised:
        call(client)

    assert len(fake.requests) == 3
    assert raised.value.status == (503 if fault == "unavailable" else None)


@pytest.mark.parametrize("status", [400, 401, 403, 408, 409, 413, 422, 425, 429])
def test_a_read_that_is_answered_4xx_is_never_tried_again(
    fake: FakeProductsApi, client: ProductsClient, status: int
) -> None:
    fake.answer_with(status, headers={"Retry-After": "0"})

    with pytest.raises(RequestRejected) as raised:
        read(client)

    assert raised.value.status == status
    assert len(fake.requests) == 1


@pytest.mark.parametrize("kind", [httpx.DecodingError, httpx.LocalProtocolError, httpx.ProxyError, httpx.CloseError])
def test_no_error_of_the_http_library_passes_through(
    fake: FakeProductsApi, client: ProductsClient, kind: type[httpx.RequestError]
) -> None:
    def fail(request: httpx.Request) -> None:
        raise kind("broken", request=request)

    fake.on_request = fail

    with pytest.raises(OutcomeUnknown, match=kind.__name__) as raised:
        reserve(client)

    assert raised.value.status is None


@pytest.mark.parametrize("lost", [2, 3])
def test_a_retry_after_a_lost_answer_reserves_nothing_twice(
    fake: FakeProductsApi, client: ProductsClient, lost: int
) -> None:
    fake.add_product(stock=5)
    fake.lose_answers(lost)

    with nullcontext() if lost < 3 else pytest.raises(OutcomeUnknown):
        reserve(client)

    assert (fake.stock(1), fake.reserved(ONE)) == (3, 2)
    assert len({request.content for request in fake.requests}) == 1


@pytest.mark.parametrize("fault", ["unreachable", "unavailable"])
def test_waits_are_short_and_random(fake: FakeProductsApi, client: ProductsClient, clock: Clock, fault: str) -> None:
    setattr(fake, fault, True)

    for _ in range(50):
        with pytest.raises(OutcomeUnknown):
            reserve(client)

    assert len(clock.waits) == 100
    assert all(0.05 <= wait <= 0.3 for wait in clock.waits)
    first_waits = clock.waits[::2]
    assert len(set(first_waits)) == 50
    assert max(first_waits) > 0.2


def test_a_retry_after_that_fits_is_honoured(fake: FakeProductsApi, client: ProductsClient, clock: Clock) -> None:
    fake.add_product()
    fake.answer_with(503, headers={"Retry-After": "1"})

    reserve(client)

    assert clock.waits == [1.0]


@pytest.mark.parametrize("seconds", ["3", "3600", "9" * 400])
def test_a_retry_after_that_does_not_fit_ends_the_call(
    fake: FakeProductsApi, client: ProductsClient, clock: Clock, seconds: str
) -> None:
    fake.answer_with(503, headers={"Retry-After": seconds})

    with pytest.raises(OutcomeUnknown):
        reserve(client)

    assert (len(fake.requests), clock.waits) == (1, [])


@pytest.mark.parametrize("value", ["0", "", "-1", "1.5", "soon", "3e0", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_retry_after_that_is_no_number_of_seconds_changes_nothing(
    fake: FakeProductsApi, client: ProductsClient, clock: Clock, value: str
) -> None:
    fake.add_product()
    fake.answer_with(503, headers={"Retry-After": value})

    reserve(client)

    assert len(clock.waits) == 1
    assert 0.05 <= clock.waits[0] <= 0.3


def test_every_try_is_observed_with_its_duration(fake: FakeProductsApi, clock: Clock) -> None:
    seen: list[Attempt] = []
    fake.add_product()
    fake.answer_with(502)

    def time_out() -> None:
        clock.seconds += 0.5
        raise httpx.ReadTimeout("timed out", request=fake.requests[-1])

    fake.on_next_request(time_out)

    with fake.client(now=clock, observer=seen.append) as client:
        reserve(client)

    assert [(attempt.call, attempt.number, attempt.status, attempt.error, attempt.seconds) for attempt in seen] == [
        ("put_reservations", 1, None, "ReadTimeout", 0.5),
        ("put_reservations", 2, 502, None, 0.0),
        ("put_reservations", 3, 200, None, 0.0),
    ]


def test_a_failure_of_our_own_is_not_tried_again(fake: FakeProductsApi, clock: Clock) -> None:
    def no_key() -> str:
        raise LookupError("the key is gone")

    with fake.client(now=clock, token=no_key) as client, pytest.raises(LookupError):
        reserve(client)

    assert (fake.requests, clock.waits) == ([], [])
