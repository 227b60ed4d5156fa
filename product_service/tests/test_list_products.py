"""Listing products: which ones, by each filter and by several at once."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from products.models import Product
from service_kit.testing.pages import walk
from service_kit.testing.problems import pointers
from tests.world import PRODUCTS, UNKNOWN_PRODUCT, add_product

pytestmark = pytest.mark.django_db


def names(client: APIClient, **parameters: Any) -> list[str]:
    response = client.get(PRODUCTS, parameters)
    assert response.status_code == 200, response.content
    return [product["name"] for product in response.json()["results"]]


@pytest.fixture(autouse=True)
def catalogue() -> None:
    add_product(name="Desk lamp", price="39.90", stock=5)
    add_product(name="Floor lamp", price="89.00", stock=0)
    add_product(name="Office chair", price="289.00", stock=2)
    add_product(name="100% wool_rug", price="0.00", stock=1)


def test_all_are_listed_by_name(nobody: APIClient) -> None:
    assert names(nobody) == ["100% wool_rug", "Desk lamp", "Floor lamp", "Office chair"]


@pytest.mark.parametrize("ordering", ["name", "-name", "price", "-price", "created_at", "-created_at"])
def test_each_product_is_on_one_page_in_the_requested_order(nobody: APIClient, ordering: str) -> None:
    pages = walk(nobody, f"{PRODUCTS}?ordering={ordering}&page_size=3")

    in_order = Product.objects.order_by(ordering, "-pk" if ordering.startswith("-") else "pk")
    assert [[product["id"] for product in page] for page in pages] == [
        [product.pk for product in page] for page in (in_order[:3], in_order[3:])
    ]


def test_an_item_of_the_list_is_the_product_itself(nobody: APIClient) -> None:
    [listed] = nobody.get(PRODUCTS, {"name": "desk"}).json()["results"]

    assert listed == nobody.get(f"{PRODUCTS}{listed['id']}/").json()


@pytest.mark.parametrize("part", ["lamp", "LAMP", "k l", "Desk lamp", "desk LAMP", " lamp "])
def test_a_part_of_the_name_finds_it_in_any_case(nobody: APIClient, part: str) -> None:
    assert "Desk lamp" in names(nobody, name=part)


@pytest.mark.parametrize("part", ["%", "_", "100%", "l_r"])
def test_signs_that_are_wildcards_elsewhere_are_signs_here(nobody: APIClient, part: str) -> None:
    assert names(nobody, name=part) == ["100% wool_rug"]


@pytest.mark.parametrize("part", ["lamb", "'", '"', "\\", "'; --", "[a-z]", "*", "lamp' OR '1'='1"])
def test_signs_that_mean_something_to_databases_find_nothing(nobody: APIClient, part: str) -> None:
    assert names(nobody, name=part) == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"min_price": "89"}, ["Floor lamp", "Office chair"]),
        ({"max_price": "39.90"}, ["100% wool_rug", "Desk lamp"]),
        ({"min_price": "0.01", "max_price": "88.99"}, ["Desk lamp"]),
        ({"min_price": "-1"}, ["100% wool_rug", "Desk lamp", "Floor lamp", "Office chair"]),
        ({"in_stock": "true"}, ["100% wool_rug", "Desk lamp", "Office chair"]),
        ({"in_stock": "false"}, ["Floor lamp"]),
        ({"name": "lamp", "in_stock": "true", "max_price": "50"}, ["Desk lamp"]),
    ],
)
def test_filters_hold_alone_and_together(nobody: APIClient, filters: dict[str, str], found: list[str]) -> None:
    assert names(nobody, **filters) == found


def test_some_ids_of_which_one_that_is_said_twice_is_listed_once(nobody: APIClient) -> None:
    chair, rug = add_product(name="Chair"), add_product(name="Rug")

    assert names(nobody, ids=f"{rug.pk},{chair.pk},{UNKNOWN_PRODUCT},{chair.pk}") == ["Chair", "Rug"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        *(("min_price", "cheap"), ("min_price", "0.001"), ("max_price", "999999999999999"), ("in_stock", "yes")),
        *(("ids", value) for value in ("1,two", "1,,2", "1, 2", "-1", "0", "1.5", "1_0", "٣", str(10**18))),
        *(("ids", value) for value in (",".join(["1"] * 101), ",")),
        *(("name", "a" * 256), ("external_reference", "a" * 256), ("ordering", "stock_quantity")),
        *(("is_active", "false"), ("name__icontains", "lamp")),
        *(("name", " "), ("external_reference", " "), ("external_reference", "\u2003\n")),
    ],
)
def test_a_parameter_that_is_malformed_or_unknown_is_refused(nobody: APIClient, parameter: str, value: str) -> None:
    response = nobody.get(PRODUCTS, {parameter: value})

    assert pointers(response) == [f"/{parameter}"]
