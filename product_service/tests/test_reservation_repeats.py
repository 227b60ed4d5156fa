"""Messages that come twice, late, before their time or with a bug in them."""

from dataclasses import replace

import pytest

from inventory.models import Reservation
from inventory.protocol import Outcome
from inventory.services import adjust_stock
from tests.world import UNKNOWN_PRODUCT, add_product, is_conserved, settle_one, stock_of, want

pytestmark = pytest.mark.django_db


def test_the_same_message_is_answered_the_same_and_takes_nothing_more() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp, 2)
    first = settle_one(wish)

    again = settle_one(wish)

    assert again == first
    assert stock_of(lamp) == 3


def test_a_refusal_for_want_of_stock_is_remembered_when_there_is_stock_again() -> None:
    lamp = add_product(stock=1)
    wish = want(lamp, 2)
    refused = settle_one(wish)
    adjust_stock(product_id=lamp.pk, delta=10, reason="delivery", subject="the clerk")

    again = settle_one(wish)

    assert again == refused
    assert again.outcome == Outcome.INSUFFICIENT_STOCK
    assert stock_of(lamp) == 11


def test_a_refusal_of_an_increase_is_remembered_too() -> None:
    lamp = add_product(stock=3)
    wish = want(lamp, 2)
    settle_one(wish)
    increase = replace(wish, quantity=9, revision=2)
    refused = settle_one(increase)
    adjust_stock(product_id=lamp.pk, delta=10, reason="delivery", subject="the clerk")

    again = settle_one(increase)

    assert again == refused
    assert (again.outcome, again.quantity, again.revision) == (Outcome.INSUFFICIENT_STOCK, 2, 2)


def test_an_unknown_product_stays_unknown_to_the_message_that_asked_for_it() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp.pk + 1, 1)
    refused = settle_one(wish)
    later = add_product(stock=5)

    again = settle_one(wish)

    assert later.pk == wish.product_id
    assert again == refused
    assert again.outcome == Outcome.PRODUCT_NOT_FOUND
    assert stock_of(later) == 5


def test_a_late_message_changes_nothing_and_is_told_what_holds() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp, 2)
    settle_one(wish)
    settle_one(replace(wish, quantity=3, revision=2))
    before = Reservation.objects.filter(pk=wish.id).values().get()

    late = settle_one(wish)

    assert (late.outcome, late.quantity, late.revision) == (Outcome.STALE_REVISION, 3, 2)
    assert stock_of(lamp) == 2
    assert Reservation.objects.filter(pk=wish.id).values().get() == before


def test_a_release_that_overtakes_its_reserve_leaves_a_tombstone() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp, 2)

    release = settle_one(replace(wish, quantity=0, revision=2))
    late = settle_one(wish)

    assert (release.outcome, release.quantity, release.revision) == (Outcome.RELEASED, 0, 2)
    assert (release.unit_price, release.product_name) == (None, None)
    assert (late.outcome, late.quantity, late.revision) == (Outcome.STALE_REVISION, 0, 2)
    assert stock_of(lamp) == 5


def test_a_tombstone_needs_no_product() -> None:
    release = settle_one(want(UNKNOWN_PRODUCT, 0, revision=2))

    assert (release.outcome, release.quantity, release.revision) == (Outcome.RELEASED, 0, 2)


def test_a_revision_may_be_skipped() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp, 2)
    settle_one(wish)

    settled = settle_one(replace(wish, quantity=1, revision=7))

    assert (settled.outcome, settled.quantity, settled.revision) == (Outcome.HELD, 1, 7)
    assert stock_of(lamp) == 4


def test_the_same_revision_with_another_quantity_is_a_conflict_without_effect() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp, 2)
    settle_one(wish)

    conflict = settle_one(replace(wish, quantity=3))

    assert (conflict.outcome, conflict.quantity, conflict.revision) == (Outcome.REVISION_CONFLICT, 2, 1)
    assert stock_of(lamp) == 3


def test_what_is_held_after_a_refused_increase_is_no_other_way_to_ask_for_it() -> None:
    lamp = add_product(stock=3)
    wish = want(lamp, 2)
    settle_one(wish)
    settle_one(replace(wish, quantity=9, revision=2))

    conflict = settle_one(replace(wish, quantity=2, revision=2))

    assert conflict.outcome == Outcome.REVISION_CONFLICT


@pytest.mark.parametrize("revision", [1, 2])
def test_another_product_under_the_same_id_is_a_conflict_without_effect(revision: int) -> None:
    lamp, chair = add_product(stock=5), add_product(stock=5)
    wish = want(lamp, 2)
    settle_one(wish)

    conflict = settle_one(replace(wish, product_id=chair.pk, quantity=1, revision=revision))

    assert (conflict.outcome, conflict.quantity, conflict.revision) == (Outcome.REVISION_CONFLICT, 2, 1)
    assert (stock_of(lamp), stock_of(chair)) == (3, 5)
    assert is_conserved(lamp)
    assert is_conserved(chair)


def test_a_conflict_is_not_remembered() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp, 2)
    settle_one(wish)
    settle_one(replace(wish, quantity=3))

    again = settle_one(wish)

    assert again.outcome == Outcome.HELD
