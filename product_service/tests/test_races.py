"""Many callers at the same moment, on real connections: PostgreSQL decides, and its locks are ours."""

from collections import Counter
from decimal import Decimal
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest

from catalogue.serializers import ProductSerializer
from catalogue.services import create_product_once, edit_product
from inventory.errors import InsufficientStock
from inventory.models import Reservation, StockAdjustment
from inventory.protocol import Desired, Outcome
from inventory.services import adjust_stock
from products.errors import ProductChanged
from products.models import Product
from service_kit.testing.threads import LONGEST_WAIT, at_once
from tests.world import add_product, is_conserved, settle, settle_one, stock_of, want

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql("SQLite in memory is one connection; its writers wait for each other"),
]


def test_of_8_requests_with_one_key_one_creates_the_product_and_the_others_are_its_replays() -> None:
    create = partial(
        create_product_once,
        subject="the clerk",
        idempotency_key="supplier-4711",
        name="Desk lamp",
        price=Decimal("39.90"),
        external_reference="LAMP-1",
    )

    answers = at_once([create] * 8)

    assert {product.pk for product, _ in answers} == {Product.objects.get().pk}
    assert Counter(is_replay for _, is_replay in answers) == {False: 1, True: 7}


def test_32_buyers_of_one_unit_in_20_rounds_make_one_sale_each_round() -> None:
    rounds = [add_product(stock=1) for _ in range(20)]
    together = Barrier(32, timeout=LONGEST_WAIT)

    def buy() -> list[Outcome]:
        outcomes = []
        for product in rounds:
            together.wait()
            outcomes.append(settle_one(want(product, 1)).outcome)
        return outcomes

    by_round = zip(*at_once([buy] * 32), strict=True)

    once = {Outcome.HELD: 1, Outcome.INSUFFICIENT_STOCK: 31}
    assert [Counter(outcomes) for outcomes in by_round] == [once] * 20
    assert [stock_of(product) for product in rounds] == [0] * 20
    assert all(is_conserved(product) for product in rounds)


def test_batches_that_bring_the_same_new_ids_in_other_orders_never_wait_in_a_ring() -> None:
    lamp = add_product(stock=1000)

    for _ in range(10):
        holds = [want(lamp, 1) for _ in range(30)]
        at_once([partial(settle, *holds), partial(settle, *reversed(holds))] * 4)

    assert is_conserved(lamp)


def test_batches_that_change_the_same_reservations_in_other_orders_never_wait_in_a_ring() -> None:
    products = [add_product(stock=1000) for _ in range(6)]
    ids = [uuid4() for _ in range(30)]

    def batch(number: int) -> list[Desired]:
        mine = ids[number * 3 :] + ids[: number * 3]
        picked = (mine if number % 2 else list(reversed(mine)))[:20]
        return [want(products[ids.index(key) % 6], number + 1, revision=number + 1, under=key) for key in picked]

    for _ in range(5):
        at_once([partial(settle, *batch(number)) for number in range(10)])

    assert all(is_conserved(product) for product in products)


def test_batches_that_name_the_same_products_in_other_orders_never_wait_in_a_ring() -> None:
    products = [add_product(stock=10_000) for _ in range(20)]

    def batch(number: int) -> list[Desired]:
        return [want(product, 1) for product in (products if number % 2 else reversed(products))]

    for _ in range(10):
        at_once([partial(settle, *batch(number)) for number in range(8)])

    assert [stock_of(product) for product in products] == [10_000 - 80] * 20


def test_one_message_that_arrives_16_times_at_once_takes_its_units_once() -> None:
    lamp = add_product(stock=100)
    hold = want(lamp, 3)

    answers = at_once([partial(settle_one, hold)] * 16)

    assert all(answer == answers[0] for answer in answers)
    assert stock_of(lamp) == 97


def test_a_reserve_and_its_release_in_any_order_end_released() -> None:
    lamp = add_product(stock=100)
    holds = [want(lamp, 3) for _ in range(10)]
    releases = [want(lamp, 0, revision=2, under=hold.id) for hold in holds]

    at_once([partial(settle_one, hold) for pair in zip(holds, releases, strict=True) for hold in pair])

    assert stock_of(lamp) == 100
    assert set(Reservation.objects.values_list("quantity", "revision")) == {(0, 2)}


def test_16_requests_with_one_key_make_one_adjustment() -> None:
    lamp = add_product()

    results = at_once(
        [lambda: adjust_stock(product_id=lamp.pk, delta=5, reason="new", subject="the clerk", idempotency_key="k")] * 16
    )

    assert len({adjustment.pk for adjustment, _ in results}) == 1
    assert [is_replay for _, is_replay in results].count(False) == 1
    assert stock_of(lamp) == 5


def test_adjustments_and_reservations_never_take_more_than_there_is() -> None:
    lamp = add_product(stock=20)

    def damage() -> int:
        try:
            adjust_stock(product_id=lamp.pk, delta=-3, reason="damaged", subject="the clerk")
        except InsufficientStock:
            return 0
        return 3

    taken = at_once([damage] * 8 + [lambda: settle_one(want(lamp, 2)).quantity] * 8)

    assert stock_of(lamp) == 20 - sum(taken) < 3
    assert is_conserved(lamp)


def test_of_two_edits_of_one_state_one_is_made() -> None:
    lamp = add_product()
    read = ProductSerializer.show(Product.objects.one(lamp.pk))

    def edit(number: int) -> bool:
        try:
            edit_product(
                product_id=lamp.pk,
                subject="the clerk",
                changes={"description": f"by {number}"},
                is_as_read=lambda product: ProductSerializer.show(product) == read,
            )
        except ProductChanged:
            return False
        return True

    made = at_once([partial(edit, number) for number in range(8)])

    assert made.count(True) == 1


def test_an_edit_beside_a_sale_loses_neither() -> None:
    lamp = add_product(stock=50)

    def sell() -> None:
        settle_one(want(lamp, 1))

    def edit(number: int) -> None:
        edit_product(product_id=lamp.pk, subject="the clerk", changes={"description": f"by {number}"})

    at_once([sell] * 10 + [partial(edit, number) for number in range(10)])

    assert stock_of(lamp) == 40
    assert Product.objects.one(lamp.pk).description.startswith("by ")
    assert StockAdjustment.objects.filter(product=lamp).count() == 1
