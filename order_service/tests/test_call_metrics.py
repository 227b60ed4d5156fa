"""Every try of a call to product_service is counted by how it ended, and the repeats among them apart."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from config import clients
from orders import metrics
from products_client import NoAnswer, ProductsClient, ReservationRequest
from service_kit.testing.counting import Counting
from tests.clock import Clock
from tests.fake_products_api import FakeProductsApi

TRIES, REPEATS = "products_client_try_duration_seconds_count", "products_client_repeats_total"
WISH = ReservationRequest(id=UUID(int=1, version=4), product_id=1, quantity=2, revision=1)


@pytest.fixture
def fake() -> FakeProductsApi:
    return FakeProductsApi()


@pytest.fixture
def client(fake: FakeProductsApi, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProductsClient]:
    clock = Clock()
    monkeypatch.setattr("time.sleep", clock.sleep)
    with fake.client(observer=metrics.tried, now=clock) as client:
        yield client


def test_an_answer_is_counted_by_call_and_status(client: ProductsClient) -> None:
    counting = Counting()

    client.put_reservations([WISH])
    list(client.iter_balances())

    assert counting.of(TRIES) == {"put_reservations 200": 1, "iter_balances 200": 1}
    assert counting.of(REPEATS) == {}


def test_time_outs_are_counted_by_their_kind_and_repeats_apart(client: ProductsClient, fake: FakeProductsApi) -> None:
    fake.hang = True
    counting = Counting()

    with pytest.raises(NoAnswer):
        client.put_reservations([WISH])

    assert counting.of(TRIES) == {"put_reservations ReadTimeout": 3}
    assert counting.of(REPEATS) == {"put_reservations": 2}


def test_refused_connections_and_refused_calls_are_counted_as_such(
    client: ProductsClient, fake: FakeProductsApi
) -> None:
    fake.unreachable = True
    counting = Counting()

    with pytest.raises(NoAnswer):
        client.put_reservations([WISH])
    fake.unreachable = False
    fake.answer_with(403)
    with pytest.raises(NoAnswer):
        client.put_reservations([WISH])

    assert counting.of(TRIES) == {"put_reservations ConnectError": 3, "put_reservations 403": 1}


def test_the_client_of_this_process_counts_its_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr(clients, "ProductsClient", lambda *_, **options: given.update(options))

    clients._products.__wrapped__()  # noqa: SLF001 - the process's own may be built already

    assert given["observer"] is metrics.tried
