"""Entity tags: reading only what is new, and not overwriting what somebody else has changed."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from inventory.services import adjust_stock
from products.models import Product
from service_kit.testing.problems import assert_problem
from tests.world import add_product, address, reprice, settle_one, want, withdraw

pytestmark = pytest.mark.django_db

STALE = '"0123456789abcdef0123456789abcdef"'


def test_a_state_that_the_caller_has_is_sent_to_nobody_again(nobody: APIClient, clerk: APIClient) -> None:
    lamp = add_product()
    tag = clerk.get(address(lamp))["ETag"]

    response = nobody.get(address(lamp), headers={"If-None-Match": tag})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize(
    "change",
    [
        lambda lamp: reprice(lamp, name="Floor lamp", price="1.00"),
        lambda lamp: settle_one(want(lamp, 1)),
        lambda lamp: adjust_stock(product_id=lamp.pk, delta=1, reason="found", subject="the clerk"),
        withdraw,
    ],
    ids=["edited", "reserved", "adjusted", "withdrawn"],
)
def test_the_tag_changes_with_the_product(clerk: APIClient, change: Callable[[Product], object]) -> None:
    lamp = add_product(stock=5)
    tag = clerk.get(address(lamp))["ETag"]

    change(lamp)

    response = clerk.get(address(lamp), headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert response["ETag"] != tag


def test_two_edits_of_one_state_do_not_overwrite_each_other(clerk: APIClient, other_clerk: APIClient) -> None:
    lamp = add_product(price="39.90")
    read = {"If-Match": clerk.get(address(lamp))["ETag"]}

    first = clerk.patch(address(lamp), {"price": "45.00"}, headers=read)
    second = other_clerk.patch(address(lamp), {"price": "35.00"}, headers=read)

    assert (first.status_code, first["ETag"]) == (200, clerk.get(address(lamp))["ETag"])
    assert_problem(second, status=412, slug="precondition-failed")
    assert clerk.get(address(lamp)).json()["price"] == "45.00"


@pytest.mark.parametrize(
    ("method", "header", "value"),
    [("patch", "If-Match", STALE), ("patch", "If-None-Match", "{tag}"), ("delete", "If-Match", STALE)],
)
def test_a_change_on_another_condition_is_refused(clerk: APIClient, method: str, header: str, value: str) -> None:
    lamp = add_product(price="39.90")
    tag = clerk.get(address(lamp))["ETag"]

    response = getattr(clerk, method)(address(lamp), {"price": "1.00"}, headers={header: value.format(tag=tag)})

    assert_problem(response, status=412, slug="precondition-failed")
    assert clerk.get(address(lamp))["ETag"] == tag
