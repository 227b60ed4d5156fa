"""The ledger of the stock, product by product, as the audit reads them."""

from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from products.models import Product
from tests.world import BALANCES, add_product, settle, want


def test_what_came_is_what_is_left_and_what_is_held_and_wrong_books_are_shown_as_they_are(
    order_service: APIClient, db: None
) -> None:
    lamp, chair, rug = add_product(stock=10), add_product(), add_product(stock=10)
    settle(want(lamp, 3), want(lamp, 4))
    Product.objects.filter(pk=rug.pk).update(stock_quantity=9)

    answer = order_service.get(BALANCES).json()

    shown = {row["product_id"]: (row["adjusted"], row["stock_quantity"], row["reserved"]) for row in answer["results"]}
    assert shown == {lamp.pk: (10, 3, 7), chair.pk: (0, 0, 0), rug.pk: (10, 9, 0)}


def test_the_books_come_in_pages_of_one_statement_each(
    order_service: APIClient, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    products = [add_product(stock=n) for n in range(1, 6)]

    with django_assert_num_queries(1):
        first = order_service.get(f"{BALANCES}?page_size=3").json()
    second = order_service.get(first["next"]).json()

    assert [row["product_id"] for row in first["results"] + second["results"]] == [product.pk for product in products]
    assert second["next"] is None
