"""Reservations as properties: whatever is sent, in whatever order and however often, these hold."""

from collections.abc import Sequence
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.models import Reservation
from inventory.protocol import Desired, Outcome
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
    st.integers(0, 6),  # the requested quantity
)
batches = st.lists(st.lists(words, min_size=1, max_size=ORDERS, unique_by=lambda word: word[0]), max_size=12)


def message(ids: Sequence[UUID], products: Sequence[Product], word: tuple[int, int, int]) -> Desired:
    order, revision, quantity = word
    product = products[order % PRODUCTS]
    return Desired(id=ids[order], product_id=product.pk, quantity=quantity, revision=revision)


def ids_and_products(stock: int = 7) -> tuple[list[UUID], list[Product]]:
    return [uuid4() for _ in range(ORDERS)], [add_product(stock=stock) for _ in range(PRODUCTS)]


def state(ids: Sequence[UUID], products: Sequence[Product]) -> tuple[object, ...]:
    return list(Reservation.objects.filter(pk__in=ids).order_by("pk").values_list()), [*map(stock_of, products)]


@properties
@given(sent=batches)
def test_whatever_is_sent_each_batch_leaves_the_ledger_balanced_and_may_be_sent_again(
    sent: list[list[tuple[int, int, int]]],
) -> None:
    ids, products = ids_and_products()
    revisions = dict.fromkeys(ids, 0)

    for batch in sent:
        holds = [message(ids, products, word) for word in batch]
        answers = settle(*holds)
        before = state(ids, products)

        assert all(is_conserved(product) and stock_of(product) >= 0 for product in products)
        held = {row.pk: (row.quantity, row.revision) for row in Reservation.objects.filter(pk__in=ids)}
        assert all(held[answer.id] == (answer.quantity, answer.revision) for answer in answers)
        assert all(answer.revision >= revisions[answer.id] for answer in answers)
        assert settle(*holds) == answers
        assert state(ids, products) == before
        revisions |= {answer.id: answer.revision for answer in answers}


@properties
@given(sent=batches, disturbances=st.lists(st.integers(-3, 3), min_size=12, max_size=12), withdrawn=st.integers(0, 11))
def test_adjustments_and_withdrawals_between_them_lose_nothing(
    sent: list[list[tuple[int, int, int]]], disturbances: list[int], withdrawn: int
) -> None:
    ids, products = ids_and_products()

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
    ids, products = ids_and_products()
    for batch in sent:
        settle(*(message(ids, products, word) for word in batch))
    newest = {row.pk: row.revision for row in Reservation.objects.filter(pk__in=ids)}
    before = state(ids, products)

    answers = [
        settle_one(hold)
        for hold in (message(ids, products, word) for word in late)
        if hold.revision < newest.get(hold.id, 0)
    ]

    assert all(answer.outcome == Outcome.STALE_REVISION for answer in answers)
    assert state(ids, products) == before


@properties
@given(words_sent=st.lists(words, min_size=1, max_size=8), order=st.randoms(use_true_random=False))
def test_with_stock_for_all_the_newest_word_wins_in_whatever_order_they_come(
    words_sent: list[tuple[int, int, int]], order: Random
) -> None:
    plenty = ORDERS * 6
    ids, products = ids_and_products(stock=plenty)
    sent = {(number, revision): (number, revision, quantity) for number, revision, quantity in words_sent}
    shuffled = list(sent.values())
    order.shuffle(shuffled)

    for word in shuffled:
        settle_one(message(ids, products, word))

    wanted = {ids[number]: sent[max(key for key in sent if key[0] == number)][2] for number, _ in sent}
    held = {row.pk: row.quantity for row in Reservation.objects.filter(pk__in=ids)}
    assert held == wanted
