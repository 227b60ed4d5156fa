"""Stock adjustments: moving stock for a reason, and the ledger of all such moves."""

import pytest
from rest_framework.test import APIClient

from inventory.models import LARGEST_STOCK, StockAdjustment
from service_kit.testing.problems import assert_problem, pointers
from tests.world import add_product, is_conserved, ledger, settle_one, stock_of, want

pytestmark = pytest.mark.django_db
COUNTED = {"reason": "counted"}


@pytest.mark.parametrize("is_active", [True, False], ids=["for sale", "withdrawn"])
@pytest.mark.parametrize("delta", [1, 1000, -1, -5])
def test_stock_is_moved_by_the_difference(clerk: APIClient, delta: int, is_active: bool) -> None:
    lamp = add_product(stock=5, is_active=is_active)

    response = clerk.post(ledger(lamp), {"delta": delta, **COUNTED})

    assert (response.status_code, stock_of(lamp)) == (201, 5 + delta)
    assert is_conserved(lamp)


def test_the_answer_says_who_did_what_and_why(clerk: APIClient) -> None:
    lamp = add_product(stock=5)

    answer = clerk.post(ledger(lamp), {"delta": -3, "reason": "damaged"}).json()

    assert set(answer) == {"id", "product_id", "delta", "reason", "subject", "created_at"}
    assert (answer["product_id"], answer["delta"], answer["reason"]) == (lamp.pk, -3, "damaged")
    assert answer["subject"] == "the clerk"


def test_the_ledger_shows_the_latest_first_and_its_sum_is_the_stock(clerk: APIClient, other_clerk: APIClient) -> None:
    lamp, chair = add_product(stock=5), add_product(stock=1)
    clerk.post(ledger(lamp), {"delta": -3, "reason": "damaged"})
    other_clerk.post(ledger(lamp), {"delta": 10, "reason": "delivery"})
    clerk.post(ledger(chair), {"delta": 1, "reason": "found"})

    rows = clerk.get(ledger(lamp)).json()["results"]

    assert [(row["delta"], row["reason"], row["subject"]) for row in rows] == [
        (10, "delivery", "the other clerk"),
        (-3, "damaged", "the clerk"),
        (5, "initial stock", "the clerk"),
    ]
    assert sum(row["delta"] for row in rows) == stock_of(lamp)


@pytest.mark.parametrize(("delta", "there"), [(-6, 5), (-3, 2)], ids=["more than there are", "reserved ones"])
def test_units_that_are_not_there_cannot_be_taken(clerk: APIClient, delta: int, there: int) -> None:
    lamp = add_product(stock=5)
    settle_one(want(lamp, 5 - there))

    response = clerk.post(ledger(lamp), {"delta": delta, "reason": "damaged"})

    problem = assert_problem(response, status=409, slug="insufficient-stock")
    assert problem["detail"] == f"{-delta} units cannot be taken: {there} are in stock."
    assert (stock_of(lamp), StockAdjustment.objects.filter(product=lamp).count()) == (there, 1)


def test_more_than_a_product_may_have_is_refused(clerk: APIClient) -> None:
    lamp = add_product(stock=LARGEST_STOCK)

    response = clerk.post(ledger(lamp), {"delta": 1, "reason": "delivery"})

    assert_problem(response, status=400, slug="invalid-request")
    assert stock_of(lamp) == LARGEST_STOCK


@pytest.mark.parametrize(
    ("body", "at_fault"),
    [
        (COUNTED, "/delta"),
        ({"delta": 1}, "/reason"),
        *(({"delta": delta, **COUNTED}, "/delta") for delta in (0, "1", 1.5, True, None)),
        *(({"delta": delta, **COUNTED}, "/delta") for delta in (LARGEST_STOCK + 1, -LARGEST_STOCK - 1)),
        *(({"delta": 1, "reason": reason}, "/reason") for reason in ("", "   ", "a" * 256, "a\0b", 5)),
        ({"delta": 1, "reason": "counted", "subject": "somebody else"}, "/subject"),
        ({"delta": 1, "reason": "counted", "product_id": 1}, "/product_id"),
    ],
)
def test_a_malformed_adjustment_is_refused(clerk: APIClient, body: dict[str, object], at_fault: str) -> None:
    lamp = add_product(stock=5)

    response = clerk.post(ledger(lamp), body)

    assert pointers(response) == [at_fault]
    assert stock_of(lamp) == 5
