"""Products in the admin: what a clerk finds, and what a clerk's form does."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from inventory.models import StockAdjustment
from products.models import Product
from service_kit.testing.admin_pages import fill_in, html_of, messages_of, text_of
from tests.world import add_product, reprice, settle_one, stock_of, want

ADMIN = "/admin/products/"
LIST = f"{ADMIN}products/product/"
ADD = f"{LIST}add/"


def page_of(product: Product) -> str:
    return f"{LIST}{product.pk}/change/"


def test_a_product_is_found_by_a_part_of_its_name_its_id_and_its_external_reference(anna: Client) -> None:
    lamp, _ = add_product(name="Desk lamp"), add_product(name="Chair")
    Product.objects.filter(pk=lamp.pk).update(external_reference="ACME-17")

    pages = [text_of(anna.get(LIST, {"q": term})) for term in ("LAMP", str(lamp.pk), "ACME-17")]

    assert [("Desk lamp" in page, "Chair" in page) for page in pages] == [(True, False)] * 3


def test_every_page_leads_to_the_admin_of_orders_and_the_filter_for_what_is_for_sale_reads_well(anna: Client) -> None:
    add_product(name="Desk lamp")

    pages = [html_of(anna.get(path)) for path in (ADMIN, LIST)]

    assert ['<a href="/admin/orders/">Orders</a>' in page for page in pages] == [True, True]
    assert [words in pages[1] for words in ("By availability", "For sale", "Withdrawn")] == [True] * 3


def test_an_external_reference_is_entered_by_one_product_only_changed_and_taken_away(anna: Client) -> None:
    lamp = {"name": "Lamp", "price": "1", "stock_quantity": "0", "external_reference": "ACME-17"}
    anna.post(ADD, fill_in(anna, ADD, **lamp))
    product = Product.objects.get()
    entered = product.external_reference

    refused = anna.post(ADD, fill_in(anna, ADD, **lamp | {"name": "Chair"}))

    assert (entered, Product.objects.count()) == ("ACME-17", 1)
    assert "Another product has this external reference." in text_of(refused)
    for reference in ("ACME-18", ""):
        anna.post(page_of(product), fill_in(anna, page_of(product), external_reference=reference))
        product.refresh_from_db()
        assert product.external_reference == (reference or None)


@pytest.mark.parametrize("term", ["9" * 30, "%", "no such thing", "-1"])
def test_a_search_that_finds_nothing_says_so(anna: Client, term: str) -> None:
    add_product(name="Desk lamp")

    response = anna.get(LIST, {"q": term})

    assert response.status_code == 200
    assert "0 products" in text_of(response)


def test_the_list_is_narrowed_to_what_is_for_sale_and_to_what_is_in_stock(anna: Client) -> None:
    add_product(name="On the shelf", stock=1)
    add_product(name="Sold out")
    add_product(name="Withdrawn", is_active=False)

    in_stock, sold_out, withdrawn = (
        text_of(anna.get(LIST, filters))
        for filters in ({"in_stock": "yes"}, {"in_stock": "no", "is_active__exact": "1"}, {"is_active__exact": "0"})
    )

    assert "1 product " in in_stock
    assert "On the shelf" in in_stock
    assert "1 product " in sold_out
    assert "Withdrawn" in withdrawn


@pytest.mark.django_db(transaction=True)  # the service's own
def test_a_new_product_is_made_by_the_service_with_its_first_units_in_the_ledger(anna: Client) -> None:
    form = fill_in(anna, ADD, name="Desk lamp", price="39.90", description="Two\r\nlines", stock_quantity="10")

    response = anna.post(ADD, form, follow=True)

    product = Product.objects.get()
    adjustment = StockAdjustment.objects.get()
    assert "was added successfully" in messages_of(response)[0]
    assert (product.name, str(product.price), product.description) == ("Desk lamp", "39.90", "Two\nlines")
    assert (product.stock_quantity, product.is_active) == (10, True)
    assert (adjustment.delta, adjustment.subject) == (10, "admin:anna")


@pytest.mark.django_db(transaction=True)  # the service's own
def test_an_edit_changes_what_was_edited_and_says_who_did_it(anna: Client) -> None:
    product = add_product(name="Desk\nlamp", price="39.90", stock=3)
    Product.objects.update(description="One\r\ntwo\nthree")
    from_a_browser = {"name": "Desklamp", "description": "One\r\ntwo\r\nthree"}

    anna.post(page_of(product), fill_in(anna, page_of(product), price="29.90", is_active=False, **from_a_browser))

    edited = Product.objects.get()
    entry = LogEntry.objects.get()
    assert (edited.name, edited.description) == ("Desk\nlamp", "One\r\ntwo\nthree")
    assert (str(edited.price), edited.is_active) == ("29.90", False)
    assert edited.updated_at > product.updated_at
    assert (str(entry.user), entry.object_id) == ("anna", str(product.pk))
    assert entry.get_change_message() == "Changed price and For sale."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("price", value) for value in ("1_0", "1e3", "-1", "1.999", "٣")),
        *(("name", " "), ("name", "a\x07")),
    ],
)
def test_what_the_api_would_refuse_is_refused_beside_its_field(anna: Client, field: str, value: str) -> None:
    product = add_product(name="Desk lamp", price="39.90")

    response = anna.post(page_of(product), fill_in(anna, page_of(product), **{field: value}))

    assert list(response.context["adminform"].errors) == [field]
    assert (Product.objects.get().name, str(Product.objects.get().price)) == ("Desk lamp", "39.90")


@pytest.mark.parametrize("units", ["1_0", "٣", "+1", "1.0", "-1"])
def test_first_units_are_read_as_the_api_reads_a_number(anna: Client, units: str) -> None:
    response = anna.post(ADD, fill_in(anna, ADD, name="Desk lamp", price="39.90", stock_quantity=units))

    assert list(response.context["adminform"].errors) == ["stock_quantity"]
    assert not Product.objects.exists()


def test_an_edit_of_what_somebody_else_has_edited_meanwhile_is_refused_and_keeps_what_was_typed(anna: Client) -> None:
    product = add_product(name="Desk lamp", price="39.90")
    form = fill_in(anna, page_of(product), name="Floor lamp")
    reprice(product, name="Desk lamp", price="49.90")

    response = anna.post(page_of(product), form)

    assert "Somebody else has edited this product" in text_of(response)
    assert 'value="Floor lamp"' in response.content.decode()
    assert (Product.objects.get().name, str(Product.objects.get().price)) == ("Desk lamp", "49.90")


def test_an_edit_that_loses_the_race_at_the_very_end_is_refused_too(
    anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = add_product(name="Desk lamp", price="39.90")
    form = fill_in(anna, page_of(product), name="Floor lamp")
    validated = Product.full_clean

    def edited_meanwhile(self: Product, *args: object, **kwargs: object) -> None:
        validated(self, *args, **kwargs)  # type: ignore[arg-type] # as it was called
        reprice(product, name="Desk lamp", price="49.90")

    monkeypatch.setattr(Product, "full_clean", edited_meanwhile)

    response = anna.post(page_of(product), form, follow=True)

    assert messages_of(response) == [f"Product {product.pk} is no longer as it was when you read it."]
    assert (Product.objects.get().name, str(Product.objects.get().price)) == ("Desk lamp", "49.90")
    assert not LogEntry.objects.exists()


def test_units_that_are_sold_while_a_clerk_types_stay_sold(anna: Client) -> None:
    product = add_product(name="Desk lamp", stock=10)
    form = fill_in(anna, page_of(product), name="Floor lamp", stock_quantity="10")
    settle_one(want(product, 4))

    anna.post(page_of(product), form)

    assert (Product.objects.get().name, stock_of(product)) == ("Floor lamp", 6)


def test_the_page_tells_stock_and_reserved_units_and_leads_to_the_books(anna: Client) -> None:
    product = add_product(stock=10)
    settle_one(want(product, 4))

    page = anna.get(page_of(product))

    assert "Units reserved: 4" in text_of(page)
    assert "Stock quantity: 6" in text_of(page)
    assert f"stockadjustment/add/?product={product.pk}" in page.content.decode()


def test_a_product_cannot_be_deleted(anna: Client) -> None:
    product = add_product()

    response = anna.post(f"{LIST}{product.pk}/delete/", {"post": "yes"})

    assert response.status_code == 403
    assert Product.objects.exists()


def test_who_may_only_look_cannot_change_anything(trainee: Client) -> None:
    product = add_product(name="Desk lamp")

    seen = trainee.get(page_of(product))
    answers = [trainee.post(page_of(product), {"name": "x", "price": "1"}).status_code, trainee.get(ADD).status_code]

    assert (seen.status_code, answers) == (200, [403, 403])
    assert "Adjust stock" not in text_of(seen)
    assert Product.objects.get().name == "Desk lamp"
