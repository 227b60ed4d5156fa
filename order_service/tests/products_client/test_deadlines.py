"""Deadlines: a call ends within its budget, and no try begins after the deadline."""

from collections.abc import Iterator

import httpx
import pytest

from products_client import NoAnswer, OutcomeUnknown, ProductsClient, ProductsUnavailable
from products_stand_in.api import ADDRESS, FakeProductsApi
from tests.client_calls import Call, both_calls, reserve
from tests.clock import Clock


@pytest.mark.parametrize("late", [0.0, 0.5])
@both_calls
def test_nothing_is_sent_after_the_deadline(
    fake: FakeProductsApi, client: ProductsClient, clock: Clock, call: Call, error: type[NoAnswer], late: float
) -> None:
    with pytest.raises(error, match="deadline"):
        call(client, deadline=clock() - late)

    assert fake.requests == []


@pytest.mark.parametrize("deadline", [None, 60.0])
@both_calls
def test_a_server_that_hangs_costs_at_most_the_budget_whatever_the_deadline(
    fake: FakeProductsApi,
    client: ProductsClient,
    clock: Clock,
    call: Call,
    error: type[NoAnswer],
    deadline: float | None,
) -> None:
    def pass_time(request: httpx.Request) -> None:
        clock.seconds += request.extensions["timeout"]["read"]

    fake.hang, fake.on_request = True, pass_time
    began = clock()

    with pytest.raises(error):
        call(client, deadline=deadline and clock() + deadline)

    assert len(fake.requests) in {2, 3}
    assert clock() - began <= 2.5


def test_a_wait_that_would_leave_no_time_for_a_try_is_not_begun(
    fake: FakeProductsApi, client: ProductsClient, clock: Clock
) -> None:
    fake.unavailable = True

    with pytest.raises(OutcomeUnknown):
        reserve(client, deadline=clock() + 0.3)

    assert (len(fake.requests), clock.waits) == (1, [])


@pytest.mark.parametrize(
    ("seconds", "timeouts"),
    [
        (None, {"connect": 0.25, "write": 0.5, "read": 0.8, "pool": 0.1}),
        (0.2, {"connect": 0.2, "write": 0.2, "read": 0.2, "pool": 0.1}),
    ],
)
def test_the_timeouts_of_a_try_end_at_the_deadline(
    fake: FakeProductsApi, client: ProductsClient, clock: Clock, seconds: float | None, timeouts: dict[str, float]
) -> None:
    fake.add_product()

    reserve(client, deadline=seconds and clock() + seconds)

    assert fake.requests[0].extensions["timeout"] == pytest.approx(timeouts)


@pytest.mark.parametrize("pause", [0.625, 0.75], ids=["at the deadline", "after it"])
def test_an_answer_that_arrives_slowly_is_abandoned_at_the_deadline(clock: Clock, pause: float) -> None:
    sent: list[float] = []

    class SlowBody(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while len(sent) < 9:
                clock.seconds += pause
                sent.append(clock.seconds)
                yield b" "

    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=SlowBody()))
    began = clock()

    with (
        ProductsClient(ADDRESS, token=str, transport=transport, now=clock) as client,
        pytest.raises(OutcomeUnknown, match="still arriving"),
    ):
        reserve(client)

    assert len(sent) == 4
    assert clock() - began == 4 * pause


def test_all_pages_of_a_search_share_one_deadline(fake: FakeProductsApi, client: ProductsClient, clock: Clock) -> None:
    fake.page_limit = 1
    for number in range(9):
        fake.add_product(name=f"Lamp {number}")

    def pass_time(_: httpx.Request) -> None:
        clock.seconds += 0.7

    fake.on_request = pass_time

    with pytest.raises(ProductsUnavailable, match="deadline"):
        client.find_products(name="Lamp")

    assert len(fake.requests) == 4
