"""Reservations as properties: whatever is sent, in whatever order and however often, these hold."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.models import Reservation
from inventory.protocol import Desired, Outcome, Settled
from inventory.services import adjust_stock
from products.models import Product
from tests.world import add_product, is_conserved, settle, settle_one, stock_of, withdraw

pytestmark = pytest.mark.django_db

# Every example makes its own products and ids, so what earlier ones left behind cannot be met.
properties = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

ORDERS, PRODUCTS = 3, 2
words = st.tuples(
    st.integers(0, ORDERS - 1),  # which reservation
    st.integers(1, 5),  # its revision
    st.integers(0, 6),  # the quantity that is asked for
)
batches = st.lists(st.lists(words, min_size=1, max_size=ORDERS, unique_by=lambda word: word[0]), max_size=12)


def message(ids: Sequence[UUID], products: Sequence[Product], word: tuple[int, int, int]) -> Desired:
    order, revision, quantity = word
    product = products[order % PRODUCTS]
    return Desired(id=ids[order], product_id=product.pk, quantity=quantity, revision=revision)


def world(stock: int = 7) -> tuple[list[UUID], list[Product]]:
    return [uuid4() for _ in range(ORDERS)], [add_product(stock=stock) for _ in range(PRODUCTS)]


def rows(ids: Sequence[UUID]) -> list[tuple[object, ...]]:
    return list(Reservation.objects.filter(pk__in=ids).order_by("pk").values_list())


@properties
@given(sent=batches)
def test_whatever_is_sent_what_came_is_in_stock_or_held(sent: list[list[tuple[int, int, int]]]) -> None:
    ids, products = world()

    for batch in sent:
        settle(*(message(ids, products, word) for word in batch))

        assert all(is_conserved(product) for product in products)
        assert all(stock_of(product) >= 0 for product in products)


@properties
@given(sent=batches, disturbances=st.lists(st.integers(-3, 3), min_size=12, max_size=12), withdrawn=st.integers(0, 11))
def test_adjustments_and_withdrawals_between_them_lose_nothing(
    sent: list[list[tuple[int, int, int]]], disturbances: list[int], withdrawn: int
) -> None:
    ids, products = world()

    for number, batch in enumerate(sent):
        delta = disturbances[number]
        if delta and stock_of(products[0]) + delta >= 0:
            adjust_stock(product_id=products[0].pk, delta=delta, reason="counted", subject="the clerk")
        if number == withdrawn:
            withdraw(products[0])
        settle(*(message(ids, products, word) for word in batch))

    assert all(is_conserved(product) for product in products)


@properties
@given(sent=batches, late=st.lists(words, max_size=6))
def test_a_late_revision_changes_nothing(
    sent: list[list[tuple[int, int, int]]], late: list[tuple[int, int, int]]
) -> None:
    ids, products = world()
    for batch in sent:
        settle(*(message(ids, products, word) for word in batch))
    newest = {row.pk: row.revision for row in Reservation.objects.filter(pk__in=ids)}
    before = rows(ids), [stock_of(product) for product in products]

    answers = [
        settle_one(wish)
        for wish in (message(ids, products, word) for word in late)
        if wish.revision < newest.get(wish.id, 0)
    ]

    assert all(answer.outcome == Outcome.STALE_REVISION for answer in answers)
    assert (rows(ids), [stock_of(product) for product in products]) == before


@properties
@given(sent=batches)
def test_the_same_message_is_answered_the_same_until_a_newer_one_comes(sent: list[list[tuple[int, int, int]]]) -> None:
    ids, products = world()

    for batch in sent:
        batch_sent = [message(ids, products, word) for word in batch]
        first = settle(*batch_sent)
        before = rows(ids), [stock_of(product) for product in products]

        assert settle(*batch_sent) == first
        assert (rows(ids), [stock_of(product) for product in products]) == before


@properties
@given(sent=batches)
def test_a_revision_never_goes_back(sent: list[list[tuple[int, int, int]]]) -> None:
    ids, products = world()
    seen: dict[UUID, list[int]] = {}

    for batch in sent:
        for answer in settle(*(message(ids, products, word) for word in batch)):
            seen.setdefault(answer.id, []).append(answer.revision)

    assert all(earlier <= later for revisions in seen.values() for earlier, later in pairwise(revisions))


@properties
@given(sent=batches)
def test_an_answer_tells_what_the_row_holds(sent: list[list[tuple[int, int, int]]]) -> None:
    ids, products = world()
    latest: dict[UUID, Settled] = {}

    for batch in sent:
        latest |= {answer.id: answer for answer in settle(*(message(ids, products, word) for word in batch))}

    held = {row.pk: (row.quantity, row.revision) for row in Reservation.objects.filter(pk__in=ids)}
    assert {answer.id: (answer.quantity, answer.revision) for answer in latest.values()} == held


@properties
@given(words_sent=st.lists(words, min_size=1, max_size=8), order=st.randoms(use_true_random=False))
def test_with_stock_for_all_the_newest_word_wins_in_whatever_order_they_come(
    words_sent: list[tuple[int, int, int]], order: Random
) -> None:
    plenty = ORDERS * 6
    ids, products = world(stock=plenty)
    said = {(number, revision): (number, revision, quantity) for number, revision, quantity in words_sent}
    shuffled = list(said.values())
    order.shuffle(shuffled)

    for word in shuffled:
        settle_one(message(ids, products, word))

    wanted = {ids[number]: said[max(key for key in said if key[0] == number)][2] for number, _ in said}
    held = {row.pk: row.quantity for row in Reservation.objects.filter(pk__in=ids)}
    assert held == wanted
