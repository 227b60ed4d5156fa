"""Withdrawing a product from sale: it is no longer sold, and nothing that names it breaks."""

import pytest
from rest_framework.test import APIClient

from products.models import Product
from service_kit.testing.problems import assert_problem
from tests.world import add_product, address, settle_one, stock_of, want

pytestmark = pytest.mark.django_db


def test_the_product_is_withdrawn_and_kept_and_withdrawing_it_again_changes_nothing(clerk: APIClient) -> None:
    lamp = add_product(stock=5)

    response = clerk.delete(address(lamp))

    before = clerk.get(address(lamp))["ETag"]
    row = Product.objects.one(lamp.pk)
    assert (response.status_code, response.content, row.is_active, row.stock_quantity) == (204, b"", False, 5)
    assert clerk.delete(address(lamp)).status_code == 204
    assert clerk.get(address(lamp))["ETag"] == before


@pytest.mark.parametrize("who", ["nobody", "customer", "order_service"])
def test_a_withdrawn_product_is_not_there_for_who_only_buys(who: str, request: pytest.FixtureRequest) -> None:
    client: APIClient = request.getfixturevalue(who)
    lamp, chair = add_product(is_active=False), add_product()

    one = client.get(address(lamp))
    listed = client.get("/api/v1/products/").json()["results"]

    assert_problem(one, status=404, slug="not-found")
    assert [product["id"] for product in listed] == [chair.pk]


def test_a_withdrawn_product_is_there_for_the_clerk(clerk: APIClient) -> None:
    lamp = add_product(is_active=False)

    one = clerk.get(address(lamp)).json()
    listed = clerk.get("/api/v1/products/").json()["results"]

    assert one["is_active"] is False
    assert listed == [one]


def test_reservations_of_a_withdrawn_product_stay(clerk: APIClient, order_service: APIClient) -> None:
    lamp = add_product(name="Desk lamp", stock=5)
    hold = want(lamp, 2)
    settle_one(hold)

    clerk.delete(address(lamp))

    held = order_service.get(f"/internal/v1/reservations/{hold.id}/").json()
    assert (held["quantity"], held["product_name"]) == (2, "Desk lamp")
    assert stock_of(lamp) == 3
