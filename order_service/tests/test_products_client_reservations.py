"""Putting reservations: what is an answer, and that everything else is an unknown outcome."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from products_client import (
    MAX_BATCH,
    FinalAnswer,
    NoAnswer,
    Outcome,
    OutcomeUnknown,
    ProductsClient,
    ProductsError,
    ReservationRequest,
)
from tests.clock import Clock
from tests.fake_products_api import FakeProductsApi

ONE = UUID("00000000-0000-4000-8000-000000000001")
TWO = UUID("00000000-0000-4000-8000-000000000002")
HELD = {
    "id": str(ONE),
    "outcome": "held",
    "quantity": 2,
    "revision": 1,
    "unit_price": "19.90",
    "product_name": "Desk lamp",
}


def reserve(
    reservation_id: UUID = ONE, *, product: int = 1, quantity: int = 2, revision: int = 1
) -> ReservationRequest:
    return ReservationRequest(id=reservation_id, product_id=product, quantity=quantity, revision=revision)


@pytest.fixture
def fake() -> FakeProductsApi:
    return FakeProductsApi()


@pytest.fixture
def client(fake: FakeProductsApi) -> Iterator[ProductsClient]:
    with fake.client() as client:
        yield client


def test_a_reservation_is_held_with_the_price_and_the_name_of_the_product(
    fake: FakeProductsApi, client: ProductsClient
) -> None:
    lamp = fake.add_product(name="Desk lamp", price="19.90", stock=3)

    [result] = client.put_reservations([reserve(product=lamp)])

    assert (result.id, result.outcome, result.quantity, result.revision) == (ONE, Outcome.HELD, 2, 1)
    assert (result.unit_price, result.product_name) == (Decimal("19.90"), "Desk lamp")
    assert fake.stock(lamp) == 1


def test_a_batch_is_answered_in_its_own_order(fake: FakeProductsApi, client: ProductsClient) -> None:
    lamp = fake.add_product(stock=2)

    results = client.put_reservations([reserve(TWO, product=lamp), reserve(ONE, product=lamp), reserve(uuid4())])

    assert [result.id for result in results[:2]] == [TWO, ONE]
    assert [result.outcome for result in results] == [
        Outcome.HELD,
        Outcome.INSUFFICIENT_STOCK,
        Outcome.INSUFFICIENT_STOCK,
    ]


@pytest.mark.parametrize(
    ("second", "outcome", "left"),
    [
        pytest.param(reserve(), Outcome.HELD, 3, id="the same again"),
        pytest.param(reserve(quantity=4, revision=2), Outcome.HELD, 1, id="more"),
        pytest.param(reserve(quantity=1, revision=2), Outcome.HELD, 4, id="less"),
        pytest.param(reserve(quantity=2, revision=2), Outcome.HELD, 3, id="as much, newer"),
        pytest.param(reserve(quantity=0, revision=2), Outcome.RELEASED, 5, id="released"),
        pytest.param(reserve(quantity=6, revision=2), Outcome.INSUFFICIENT_STOCK, 3, id="too much more"),
        pytest.param(reserve(quantity=1, revision=1), Outcome.REVISION_CONFLICT, 3, id="other quantity"),
        pytest.param(reserve(product=9, revision=2), Outcome.REVISION_CONFLICT, 3, id="other product"),
    ],
)
def test_every_second_word_about_a_reservation_has_its_outcome(
    fake: FakeProductsApi, client: ProductsClient, second: ReservationRequest, outcome: Outcome, left: int
) -> None:
    lamp = fake.add_product(stock=5)
    client.put_reservations([reserve(product=lamp)])

    [result] = client.put_reservations([second])

    assert result.outcome is outcome
    assert fake.stock(lamp) == left
    assert fake.stock(lamp) + fake.promised(lamp) == 5


def test_a_late_message_is_stale(fake: FakeProductsApi, client: ProductsClient) -> None:
    lamp = fake.add_product(stock=5)
    client.put_reservations([reserve(product=lamp, quantity=0, revision=2)])

    [result] = client.put_reservations([reserve(product=lamp, revision=1)])

    assert (result.outcome, result.quantity, result.revision) == (Outcome.STALE_REVISION, 0, 2)
    assert fake.stock(lamp) == 5


def test_a_refusal_is_remembered(fake: FakeProductsApi, client: ProductsClient) -> None:
    lamp = fake.add_product(stock=1)
    client.put_reservations([reserve(product=lamp)])
    fake.products[lamp].stock = 100

    [result] = client.put_reservations([reserve(product=lamp)])

    assert result.outcome is Outcome.INSUFFICIENT_STOCK


def test_an_unknown_product_is_refused(client: ProductsClient) -> None:
    [result] = client.put_reservations([reserve(product=404)])

    assert (result.outcome, result.unit_price) == (Outcome.PRODUCT_NOT_FOUND, None)


@pytest.mark.parametrize("count", [0, MAX_BATCH + 1])
def test_a_batch_of_a_wrong_size_is_never_sent(fake: FakeProductsApi, client: ProductsClient, count: int) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        client.put_reservations([reserve(uuid4()) for _ in range(count)])

    assert fake.requests == []


def test_a_batch_that_names_a_reservation_twice_is_never_sent(fake: FakeProductsApi, client: ProductsClient) -> None:
    with pytest.raises(ValueError, match="once"):
        client.put_reservations([reserve(), reserve(revision=2)])

    assert fake.requests == []


def test_the_largest_batch_is_one_call(fake: FakeProductsApi, client: ProductsClient) -> None:
    lamp = fake.add_product(stock=1_000)

    results = client.put_reservations([reserve(uuid4(), product=lamp) for _ in range(MAX_BATCH)])

    assert len(results) == MAX_BATCH
    assert len(fake.requests) == 1


@pytest.mark.parametrize("status", [201, 204, 301, 304, 400, 401, 403, 404, 408, 409, 413, 422, 425, 429, 501, 505])
def test_a_status_that_cannot_get_better_is_an_unknown_outcome_at_once(
    fake: FakeProductsApi, client: ProductsClient, status: int
) -> None:
    fake.answer_with(status, {"reservations": [HELD]})

    with pytest.raises(OutcomeUnknown) as raised:
        client.put_reservations([reserve()])

    assert raised.value.status == status
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"outcome": "sold-out"}, id="an unknown word"),
        pytest.param({"outcome": None}, id="no word"),
        pytest.param({"outcome": "released"}, id="released instead"),
        pytest.param({"id": str(TWO)}, id="another reservation"),
        pytest.param({"id": "1"}, id="no uuid"),
        pytest.param({"quantity": 1}, id="fewer"),
        pytest.param({"quantity": 3}, id="more"),
        pytest.param({"quantity": -2}, id="negative"),
        pytest.param({"revision": 2}, id="another revision"),
        pytest.param({"outcome": "stale-revision", "revision": 2**31}, id="a revision that fits no column"),
        pytest.param({"unit_price": None}, id="no price"),
        pytest.param({"unit_price": "-1.00"}, id="a negative price"),
        pytest.param({"unit_price": "1E+9"}, id="a price that fits no column"),
        pytest.param({"unit_price": "1e-999999"}, id="a price of a million places"),
        pytest.param({"product_name": None}, id="no name"),
        pytest.param({"product_name": ""}, id="an empty name"),
        pytest.param({"outcome": "insufficient-stock", "revision": 7}, id="a refusal of another revision"),
    ],
)
def test_a_result_that_does_not_answer_the_request_is_an_unknown_outcome(
    fake: FakeProductsApi, client: ProductsClient, wrong: dict[str, object]
) -> None:
    fake.answer_with(200, {"reservations": [HELD | wrong]})

    with pytest.raises(OutcomeUnknown):
        client.put_reservations([reserve()])


@pytest.mark.parametrize(
    "results",
    [
        pytest.param([], id="none"),
        pytest.param([HELD], id="too few"),
        pytest.param([HELD | {"id": str(TWO)}, HELD], id="another order"),
        pytest.param([HELD, HELD], id="one twice"),
        pytest.param([HELD, HELD | {"id": str(TWO)}, HELD], id="too many"),
    ],
)
def test_a_batch_that_is_not_answered_item_by_item_is_an_unknown_outcome(
    fake: FakeProductsApi, client: ProductsClient, results: list[dict[str, object]]
) -> None:
    fake.answer_with(200, {"reservations": results})

    with pytest.raises(OutcomeUnknown):
        client.put_reservations([reserve(ONE), reserve(TWO)])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*HELD, "x"]), inner, max_size=6),
    max_leaves=12,
)


@given(body=st.binary() | st.fixed_dictionaries({"reservations": st.lists(json_values, max_size=2)}) | json_values)
def test_no_body_but_the_answer_reads_as_an_answer(body: object) -> None:
    fake = FakeProductsApi()
    fake.answer_with(200, body)

    with fake.client() as client, pytest.raises(OutcomeUnknown):
        client.put_reservations([reserve()])


@pytest.mark.parametrize("kind", [httpx.DecodingError, httpx.LocalProtocolError, httpx.ProxyError, httpx.CloseError])
def test_no_error_of_the_http_library_passes_through(
    fake: FakeProductsApi, client: ProductsClient, kind: type[httpx.RequestError], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", Clock().sleep)

    def fail(request: httpx.Request) -> None:
        raise kind("broken", request=request)

    fake.on_request = fail

    with pytest.raises(OutcomeUnknown, match=kind.__name__) as raised:
        client.put_reservations([reserve()])

    assert raised.value.status is None


def test_what_is_unknown_is_never_of_the_type_of_what_is_final() -> None:
    assert not issubclass(NoAnswer, FinalAnswer)
    assert not issubclass(FinalAnswer, NoAnswer)
    assert issubclass(OutcomeUnknown, NoAnswer)
    assert issubclass(NoAnswer, ProductsError)
    assert issubclass(FinalAnswer, ProductsError)
