"""The process's client of product_service: one for all threads, which counts every try of a call by its result."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
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


@pytest.mark.parametrize(
    ("fault", "tries", "repeats"),
    [("hang", {"ReadTimeout": 3}, 2), ("unreachable", {"ConnectError": 3}, 2), (403, {"403": 1}, 0)],
    ids=["timeouts", "refused connections", "rejected calls"],
)
def test_failures_are_counted_by_kind_and_retries_apart(
    client: ProductsClient, fake: FakeProductsApi, fault: str | int, tries: dict[str, int], repeats: int
) -> None:
    if isinstance(fault, int):
        fake.answer_with(fault)
    else:
        setattr(fake, fault, True)
    counting = Counting()

    with pytest.raises(NoAnswer):
        client.put_reservations([REQUEST])

    assert counting.of(TRIES) == {f"put_reservations {kind}": number for kind, number in tries.items()}
    assert counting.of(REPEATS) == ({"put_reservations": repeats} if repeats else {})


def test_the_client_of_this_process_counts_its_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr(products, "ProductsClient", lambda *_, **options: given.update(options))

    products._client.__wrapped__()  # noqa: SLF001 - the process's own may be built already

    assert given["observer"] is metrics.count_try


def test_concurrent_first_calls_get_the_same_client() -> None:
    together = Barrier(16)

    def ask(_: int) -> int:
        together.wait()
        return id(products.client())

    with ThreadPoolExecutor(16) as threads:
        assert len(set(threads.map(ask, range(16)))) == 1
