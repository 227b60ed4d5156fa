"""What messages about a reservation lead to: in order, twice, late, before their time, or with a bug in them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from inventory.models import Reservation
from inventory.protocol import Desired, Outcome, Settled
from inventory.services import adjust_stock
from products.models import Product
from tests.world import UNKNOWN_PRODUCT, add_product, is_conserved, reprice, settle_one, stock_of, want, withdraw

pytestmark = pytest.mark.django_db

HELD, RELEASED, INSUFFICIENT_STOCK, PRODUCT_NOT_FOUND, PRICE_CHANGED, STALE_REVISION, REVISION_CONFLICT = Outcome
Message = tuple[int, int]  # quantity and revision
Answer = tuple[Outcome, int, int]  # outcome, quantity and revision


def messages_about(product: Product | int, *messages: Message) -> list[Desired]:
    """Messages about one reservation."""
    key = uuid4()
    return [want(product, quantity, revision=revision, under=key) for quantity, revision in messages]


def answer_of(settled: Settled) -> Answer:
    return settled.outcome, settled.quantity, settled.revision


@pytest.mark.parametrize(
    ("stock", "messages", "answer", "left"),
    [
        pytest.param(5, [(2, 1)], (HELD, 2, 1), 3, id="enough stock is held"),
        pytest.param(2, [(2, 1)], (HELD, 2, 1), 0, id="the last unit may be held"),
        pytest.param(2, [(3, 1)], (INSUFFICIENT_STOCK, 0, 1), 2, id="more than the stock is refused and takes nothing"),
        pytest.param(5, [(2, 1), (5, 2)], (HELD, 5, 2), 0, id="a larger quantity takes the difference"),
        pytest.param(5, [(2, 1), (6, 2)], (INSUFFICIENT_STOCK, 2, 2), 3, id="a refused increase keeps what is held"),
        pytest.param(5, [(4, 1), (1, 2)], (HELD, 1, 2), 4, id="a smaller quantity gives the difference back"),
        pytest.param(5, [(4, 1), (0, 2)], (RELEASED, 0, 2), 5, id="quantity zero releases everything"),
        pytest.param(5, [(4, 1), (4, 2)], (HELD, 4, 2), 1, id="the same quantity at a newer revision moves nothing"),
        pytest.param(5, [(2, 1), (1, 7)], (HELD, 1, 7), 4, id="a revision may be skipped"),
        pytest.param(5, [(2, 1), (2, 1)], (HELD, 2, 1), 3, id="the same message again takes nothing more"),
        pytest.param(5, [(2, 1), (3, 2), (2, 1)], (STALE_REVISION, 3, 2), 2, id="a late message changes nothing"),
        pytest.param(5, [(0, 2)], (RELEASED, 0, 2), 5, id="a release may come before its reserve"),
        pytest.param(5, [(0, 2), (2, 1)], (STALE_REVISION, 0, 2), 5, id="a reserve after its release takes nothing"),
        pytest.param(
            5, [(2, 1), (3, 1)], (REVISION_CONFLICT, 2, 1), 3, id="another quantity at the same revision is a conflict"
        ),
        pytest.param(
            3, [(2, 1), (9, 2), (2, 2)], (REVISION_CONFLICT, 2, 2), 1, id="so is what a refused increase left as it was"
        ),
        pytest.param(5, [(2, 1), (3, 1), (2, 1)], (HELD, 2, 1), 3, id="a conflict is not remembered"),
        pytest.param(900, [(300, 700), (300, 700)], (HELD, 300, 700), 600, id="large numbers are equal by value"),
        pytest.param(900, [(300, 700), (301, 700)], (REVISION_CONFLICT, 300, 700), 600, id="and unequal too"),
    ],
)
def test_the_last_message_is_answered_by_what_it_led_to(
    stock: int, messages: list[Message], answer: Answer, left: int
) -> None:
    lamp = add_product(stock=stock)

    *_, settled = map(settle_one, messages_about(lamp, *messages))

    assert answer_of(settled) == answer
    assert stock_of(lamp) == left
    assert is_conserved(lamp)


@pytest.mark.parametrize(
    ("messages", "answer", "left"),
    [
        pytest.param([(1, 1)], (PRODUCT_NOT_FOUND, 0, 1), 5, id="it is refused as if it were unknown"),
        pytest.param([(2, 1), (3, 2)], (PRODUCT_NOT_FOUND, 2, 2), 3, id="a refused increase keeps what is held"),
        pytest.param([(4, 1), (0, 2)], (RELEASED, 0, 2), 5, id="it takes its units back"),
    ],
)
def test_of_a_withdrawn_product_nothing_more_is_held(messages: list[Message], answer: Answer, left: int) -> None:
    lamp = add_product(stock=5)
    *before, last = messages_about(lamp, *messages)
    for hold in before:
        settle_one(hold)
    withdraw(lamp)

    settled = settle_one(last)

    assert answer_of(settled) == answer
    assert stock_of(lamp) == left


@pytest.mark.parametrize(
    ("message", "answer"), [((1, 1), (PRODUCT_NOT_FOUND, 0, 1)), ((0, 2), (RELEASED, 0, 2))], ids=["hold", "release"]
)
def test_of_an_unknown_product_nothing_is_held_and_anything_is_released(message: Message, answer: Answer) -> None:
    [hold] = messages_about(UNKNOWN_PRODUCT, message)

    assert answer_of(settle_one(hold)) == answer


def test_what_is_held_has_the_name_and_price_of_the_moment_in_the_answer_and_in_the_row() -> None:
    lamp = add_product(name="Desk lamp", price="39.90", stock=5)
    hold = want(lamp, 2)

    settled = settle_one(hold)

    row = Reservation.objects.one(hold.id)
    values = {"quantity": 2, "revision": 1, "unit_price": Decimal("39.90"), "product_name": "Desk lamp"}
    assert settled == Settled(id=hold.id, outcome=HELD, **values)  # type: ignore[arg-type] # as named
    assert row.__dict__.items() >= {"product_id": lamp.pk, "asked_quantity": 2, "outcome": HELD, **values}.items()


def test_the_snapshot_is_that_of_the_first_success() -> None:
    lamp = add_product(name="Desk lamp", price="39.90", stock=5)
    hold = want(lamp, 1)
    settle_one(hold)
    reprice(lamp, name="Desk lamp, new", price="39.90")

    larger = settle_one(replace(hold, quantity=2, revision=2))

    assert (larger.outcome, larger.unit_price, larger.product_name) == (HELD, Decimal("39.90"), "Desk lamp")


def test_a_refusal_takes_no_snapshot_and_the_success_after_it_does() -> None:
    lamp = add_product(name="Desk lamp", price="39.90", stock=1)
    hold = want(lamp, 2)
    refused = settle_one(hold)
    reprice(lamp, name="Desk lamp, new", price="49.90")

    settled = settle_one(replace(hold, quantity=1, revision=2))

    assert (refused.unit_price, refused.product_name) == (None, None)
    assert (settled.unit_price, settled.product_name) == (Decimal("49.90"), "Desk lamp, new")


def test_a_stock_move_is_a_change_of_the_product() -> None:
    lamp = add_product(stock=5)
    Product.objects.update(updated_at=lamp.created_at - timedelta(seconds=1))

    settle_one(want(lamp, 2))

    assert Product.objects.one(lamp.pk).updated_at >= lamp.updated_at


@pytest.mark.parametrize(
    ("messages", "answer"),
    [([(9, 1)], (INSUFFICIENT_STOCK, 0, 1)), ([(2, 1), (9, 2)], (INSUFFICIENT_STOCK, 2, 2))],
    ids=["a first message", "an increase"],
)
def test_a_refusal_for_want_of_stock_is_remembered_when_there_is_stock_again(
    messages: list[Message], answer: Answer
) -> None:
    lamp = add_product(stock=3)
    holds = messages_about(lamp, *messages)
    *_, refused = map(settle_one, holds)
    adjust_stock(product_id=lamp.pk, delta=10, reason="delivery", subject="the clerk")

    again = settle_one(holds[-1])

    assert again == refused
    assert answer_of(again) == answer
    assert is_conserved(lamp)


def test_an_unknown_product_stays_unknown_to_the_message_that_asked_for_it() -> None:
    lamp = add_product(stock=5)
    hold = want(lamp.pk + 1, 1)
    refused = settle_one(hold)
    later = add_product(stock=5)

    again = settle_one(hold)

    assert later.pk == hold.product_id
    assert again == refused
    assert again.outcome == PRODUCT_NOT_FOUND
    assert stock_of(later) == 5


@pytest.mark.parametrize("message", [(3, 2), (2, 1), (4, 2)], ids=["the same", "a late one", "a conflict"])
def test_a_message_that_changes_nothing_leaves_the_row_as_it_was(message: Message) -> None:
    *earlier, last = messages_about(add_product(stock=5), (2, 1), (3, 2), message)
    for one in earlier:
        settle_one(one)
    before = Reservation.objects.values().get()

    settle_one(last)

    assert Reservation.objects.values().get() == before


@pytest.mark.parametrize("revision", [1, 2])
@pytest.mark.parametrize("quantity", [0, 1, 2, 3])
@pytest.mark.parametrize("is_smaller", [True, False], ids=["a smaller id", "a larger id"])
def test_another_product_under_the_same_id_is_a_conflict_without_effect(
    revision: int, quantity: int, is_smaller: bool
) -> None:
    products = [add_product(stock=5), add_product(stock=5)]
    chair, lamp = products if is_smaller else reversed(products)
    hold = want(lamp, 2)
    settle_one(hold)

    conflict = settle_one(replace(hold, product_id=chair.pk, quantity=quantity, revision=revision))

    assert answer_of(conflict) == (REVISION_CONFLICT, 2, 1)
    assert answer_of(settle_one(hold)) == (HELD, 2, 1)
    assert (stock_of(lamp), stock_of(chair)) == (3, 5)
    assert is_conserved(lamp)
    assert is_conserved(chair)
