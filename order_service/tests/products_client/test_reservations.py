"""Putting reservations: an exact answer has an outcome, and everything else is an unknown outcome."""

from decimal import Decimal
from uuid import uuid4

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
from products_stand_in.api import FakeProductsApi
from tests.client_calls import ONE, TWO, item

SNAPSHOT = {"unit_price": "19.90", "product_name": "Desk lamp"}
HELD = {"id": str(ONE), "outcome": "held", "quantity": 2, "revision": 1, **SNAPSHOT}


def test_a_reservation_is_held_with_the_price_and_the_name_of_the_product(
    fake: FakeProductsApi, client: ProductsClient
) -> None:
    lamp = fake.add_product(name="Desk lamp", price="19.90", stock=3)

    [result] = client.put_reservations([item(product=lamp)])

    assert (result.id, result.outcome, result.quantity, result.revision) == (ONE, Outcome.HELD, 2, 1)
    assert (result.unit_price, result.product_name) == (Decimal("19.90"), "Desk lamp")
    assert fake.stock(lamp) == 1


def test_the_largest_batch_is_one_call_that_is_answered_in_its_own_order(
    fake: FakeProductsApi, client: ProductsClient
) -> None:
    lamp = fake.add_product(stock=2)
    items = [item(uuid4(), product=lamp) for _ in range(MAX_BATCH)]

    results = client.put_reservations(items)

    assert [result.id for result in results] == [each.id for each in items]
    assert [result.outcome for result in results] == [Outcome.HELD] + [Outcome.INSUFFICIENT_STOCK] * (MAX_BATCH - 1)
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        *(([item(uuid4()) for _ in range(count)], "1 to 100") for count in (0, MAX_BATCH + 1)),
        ([item(), item(revision=2)], "once"),
    ],
    ids=["none", "too many", "one twice"],
)
def test_a_batch_that_cannot_be_answered_is_never_sent(
    fake: FakeProductsApi, client: ProductsClient, items: list[ReservationRequest], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        client.put_reservations(items)
    assert fake.requests == []


@pytest.mark.parametrize("status", [201, 204, 301, 304, 400, 401, 403, 404, 408, 409, 413, 422, 425, 429, 501, 505])
def test_a_status_that_cannot_get_better_is_an_unknown_outcome_at_once(
    fake: FakeProductsApi, client: ProductsClient, status: int
) -> None:
    fake.answer_with(status, {"reservations": [HELD]}, headers={"Retry-After": "0"})

    with pytest.raises(OutcomeUnknown) as raised:
        client.put_reservations([item()])

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
        client.put_reservations([item()])


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
        client.put_reservations([item(ONE), item(TWO)])


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
        client.put_reservations([item()])


def test_what_is_unknown_is_never_of_the_type_of_what_is_final() -> None:
    assert not issubclass(NoAnswer, FinalAnswer)
    assert not issubclass(FinalAnswer, NoAnswer)
    assert issubclass(OutcomeUnknown, NoAnswer)
    assert issubclass(NoAnswer, ProductsError)
    assert issubclass(FinalAnswer, ProductsError)
