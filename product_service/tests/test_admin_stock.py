"""Stock in the admin: it is adjusted by the service, written down once, and otherwise only looked at."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from inventory.models import StockAdjustment
from inventory.services import adjust_stock
from products.models import Product
from service_kit.testing.admin_pages import fill_in, messages_of, text_of
from tests.world import UNKNOWN_PRODUCT, add_product, is_conserved, settle_one, stock_of, want

ADMIN = "/admin/products/"
LEDGER = f"{ADMIN}inventory/stockadjustment/"
ADJUST = f"{LEDGER}add/"
RESERVATIONS = f"{ADMIN}inventory/reservation/"


def fill(clerk: Client, product: Product, delta: int | str, reason: str = "delivery") -> dict[str, Any]:
    return fill_in(clerk, f"{ADJUST}?product={product.pk}", delta=str(delta), reason=reason)


@pytest.mark.django_db(transaction=True)  # the service's own
@pytest.mark.parametrize(("delta", "left"), [(-3, 7), (5, 15)])
def test_stock_is_adjusted_and_written_down_for_a_reason_under_the_clerks_name(
    anna: Client, delta: int, left: int
) -> None:
    product = add_product(name="Desk lamp", stock=10)
    form = fill(anna, product, delta, "recount")

    response = anna.post(ADJUST, form, follow=True)

    adjustment = StockAdjustment.objects.latest("pk")
    entry = LogEntry.objects.get()
    assert messages_of(response) == [f"Desk lamp: {delta:+d}, {left} in stock now."]
    assert stock_of(product) == left
    assert (adjustment.delta, adjustment.reason, adjustment.subject) == (delta, "recount", "admin:anna")
    assert (str(entry.user), entry.object_id) == ("anna", str(product.pk))
    assert entry.get_change_message() == f"Adjusted stock by {delta:+d}: recount"
    assert is_conserved(product)


def test_a_form_that_is_sent_twice_adjusts_once_and_the_next_form_again(anna: Client) -> None:
    product = add_product(stock=10)
    form = fill(anna, product, 5)

    shown = [messages_of(anna.post(ADJUST, form, follow=True)) for _ in range(2)]

    assert stock_of(product) == 15
    assert shown[1] == ["This adjustment was made already; it was not made again."]
    assert LogEntry.objects.count() == 1
    anna.post(ADJUST, fill(anna, product, 5))
    assert stock_of(product) == 20


def test_a_form_that_is_sent_again_with_other_numbers_is_refused(anna: Client) -> None:
    product = add_product(stock=10)
    form = fill(anna, product, 5)
    anna.post(ADJUST, form)

    response = anna.post(ADJUST, {**form, "delta": "50"})

    assert "This idempotency key was used for another request." in text_of(response)
    assert stock_of(product) == 15


@pytest.mark.parametrize(
    ("delta", "refusal"),
    [
        ("-11", "11 units cannot be taken: 10 are in stock."),
        ("2147483647", "A product has at most 2147483647 units in stock."),
        ("0", "An adjustment moves at least one unit."),
        ("2147483648", "Ensure this value is less than or equal to 2147483647."),
        ("half", "A whole number in plain digits is required."),
        ("1_0", "A whole number in plain digits is required."),
        ("٣", "A whole number in plain digits is required."),
    ],
)
def test_what_cannot_be_done_is_shown_on_the_page_and_changes_nothing(anna: Client, delta: str, refusal: str) -> None:
    product = add_product(stock=10)

    response = anna.post(ADJUST, fill(anna, product, delta, "recount"))

    assert refusal in text_of(response)
    assert 'value="recount"' in response.content.decode()
    assert (stock_of(product), StockAdjustment.objects.count()) == (10, 1)


@pytest.mark.parametrize("reason", ["", " ", "a\x07"])
def test_a_reason_is_needed_that_can_be_read(anna: Client, reason: str) -> None:
    product = add_product(stock=10)

    response = anna.post(ADJUST, fill(anna, product, 1, reason))

    assert list(response.context["adminform"].errors) == ["reason"]
    assert stock_of(product) == 10


@pytest.mark.parametrize("named", ["", "abc", "-1", "9" * 30, str(UNKNOWN_PRODUCT)])
def test_a_link_that_names_no_product_leads_to_a_form_that_asks_for_one(anna: Client, named: str) -> None:
    response = anna.post(ADJUST, fill_in(anna, f"{ADJUST}?product={named}", product=named, delta="1", reason="found"))

    assert list(response.context["adminform"].errors) == ["product"]


def test_the_product_is_chosen_by_its_name(anna: Client) -> None:
    product = add_product(name="Desk lamp")
    about = {"app_label": "inventory", "model_name": "stockadjustment", "field_name": "product", "term": "lamp"}

    found = anna.get(f"{ADMIN}autocomplete/", about)

    assert found.json()["results"] == [{"id": str(product.pk), "text": "Desk lamp"}]


def test_a_row_of_the_ledger_can_be_read_and_neither_changed_nor_deleted(anna: Client) -> None:
    product = add_product(stock=10)
    row = f"{LEDGER}{StockAdjustment.objects.get().pk}/"

    seen = text_of(anna.get(f"{row}change/"))
    answers = [anna.post(f"{row}{what}/", {"delta": "99", "post": "yes"}).status_code for what in ("change", "delete")]

    assert "initial stock" in seen
    assert answers == [403, 403]
    assert (StockAdjustment.objects.get().delta, stock_of(product)) == (10, 10)


def test_the_ledger_is_searched_by_product_and_by_who_did_it(anna: Client) -> None:
    lamp, chair = add_product(name="Desk lamp", stock=10), add_product(name="Chair", stock=10)
    anna.post(ADJUST, fill(anna, chair, 1, "found one"), follow=True)

    of_lamp, by_anna = (text_of(anna.get(LEDGER, {"q": term})) for term in (str(lamp.pk), "admin:anna"))

    assert ("Desk lamp" in of_lamp, "Chair" in of_lamp) == (True, False)
    assert ("found one" in by_anna, "initial stock" in by_anna) == (True, False)


def test_rows_that_name_a_clerk_who_never_wrote_them_are_found(anna: Client) -> None:
    lamp, chair = add_product(name="Desk lamp", stock=10), add_product(name="Chair", stock=10)
    anna.post(ADJUST, fill(anna, lamp, 1, "found one"))
    for product in (lamp, chair):
        adjust_stock(product_id=product.pk, delta=2, reason="forged", subject="admin:root1")
    adjust_stock(product_id=chair.pk, delta=3, reason="in her name", subject="admin:anna")

    found = text_of(anna.get(LEDGER, {"log_entry": "missing"}))

    assert (found.count("forged"), found.count("in her name")) == (2, 1)
    assert "found one" not in found
    assert "initial stock" not in found


def test_a_row_that_a_clerk_wrote_is_not_among_them_whatever_the_clock_of_the_admins_host_says(
    anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamp = add_product(stock=10)
    form = fill(anna, lamp, 1, "found one")
    of_the_host = LogEntry._meta.get_field("action_time")  # noqa: SLF001 - Django's public name
    monkeypatch.setattr(of_the_host, "_get_default", lambda: datetime(2026, 1, 1, tzinfo=UTC))

    anna.post(ADJUST, form)

    assert "found one" not in text_of(anna.get(LEDGER, {"log_entry": "missing"}))


def test_reservations_can_be_found_and_not_touched(anna: Client) -> None:
    lamp, chair = add_product(name="Desk lamp", stock=10), add_product(name="Chair", stock=10)
    held = settle_one(want(lamp, 4))
    settle_one(want(chair, 11))
    row = f"{RESERVATIONS}{held.id}/"

    by_product, by_id, refused, nonsense = (
        text_of(anna.get(RESERVATIONS, query))
        for query in ({"q": str(lamp.pk)}, {"q": str(held.id)}, {"outcome": "insufficient-stock"}, {"q": "nonsense"})
    )
    answers = [
        anna.post(f"{row}{what}/", {"quantity": "0", "post": "yes"}).status_code for what in ("change", "delete")
    ]

    assert ["1 reservation " in page for page in (by_product, by_id, refused, nonsense)] == [True, True, True, False]
    assert ("Desk lamp" in by_product, "Desk lamp" in refused) == (True, False)
    assert answers == [403, 403]
    assert stock_of(lamp) == 6


def test_who_may_not_adjust_stock_cannot(trainee: Client) -> None:
    product = add_product(stock=10)

    answers = [trainee.get(ADJUST), trainee.post(ADJUST, {"product": product.pk, "delta": "1", "reason": "x"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert stock_of(product) == 10
