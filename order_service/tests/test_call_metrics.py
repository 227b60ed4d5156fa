"""Every try of a call to product_service is counted by its result, and retries apart."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from orders import metrics, products
from products_client import NoAnswer, ProductsClient, ReservationRequest
from products_stand_in.api import FakeProductsApi
from service_kit.testing.counting import Counting
from tests.clock import Clock

TRIES, REPEATS = "products_client_try_duration_seconds_count", "products_client_repeats_total"
REQUEST = ReservationRequest(id=UUID(int=1, version=4), product_id=1, quantity=2, revision=1)


@pytest.fixture
def client(fake: FakeProductsApi, clock: Clock) -> Iterator[ProductsClient]:
    with fake.client(observer=metrics.count_try, now=clock) as client:
        yield client


def test_an_answer_is_counted_by_call_and_status(client: ProductsClient) -> None:
    counting = Counting()

    client.put_reservations([REQUEST])
    list(client.iter_balances())

    assert counting.of(TRIES) == {"put_reservations 200": 1, "iter_balances 200": 1}
    assert counting.of(REPEATS) == {}


def test_timeouts_are_counted_by_kind_and_retries_apart(client: ProductsClient, fake: FakeProductsApi) -> None:
    fake.hang = True
    counting = Counting()

    with pytest.raises(NoAnswer):
        client.put_reservations([REQUEST])

    assert counting.of(TRIES) == {"put_reservations ReadTimeout": 3}
    assert counting.of(REPEATS) == {"put_reservations": 2}


def test_refused_connections_and_rejected_calls_are_counted_apart(
    client: ProductsClient, fake: FakeProductsApi
) -> None:
    fake.unreachable = True
    counting = Counting()

    with pytest.raises(NoAnswer):
        client.put_reservations([REQUEST])
    fake.unreachable = False
    fake.answer_with(403)
    with pytest.raises(NoAnswer):
        client.put_reservations([REQUEST])

    assert counting.of(TRIES) == {"put_reservations ConnectError": 3, "put_reservations 403": 1}


def test_the_client_of_this_process_counts_its_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr(products, "ProductsClient", lambda *_, **options: given.update(options))

    products._client.__wrapped__()  # noqa: SLF001 - the process's own may be built already

    assert given["observer"] is metrics.count_try
