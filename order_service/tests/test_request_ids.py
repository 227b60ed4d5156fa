"""Orders that are placed together are found by the id of each of their requests, in product_service's log too."""

from collections.abc import Iterator

import pytest
import structlog
from rest_framework.test import APIClient

from orders import request_ids
from orders.batcher import PlacementBatcher
from products_stand_in.api import FakeProductsApi
from service_kit.testing.log_lines import LogLines, about
from tests.factories import ORDERS, draft

pytestmark = pytest.mark.django_db

LEADER = "leader-0001"


@pytest.fixture(autouse=True)
def _leader() -> Iterator[None]:
    """The request that this thread answers."""
    with structlog.contextvars.bound_contextvars(request_id=LEADER):
        yield


def place_group(product_id: int, *followers: str | None) -> None:
    PlacementBatcher().place_group([draft(product_id, request_id=each) for each in (LEADER, *followers)])


def headers(products: FakeProductsApi) -> list[tuple[str | None, str | None]]:
    return [(each.headers.get("X-Request-ID"), each.headers.get("X-Request-Group")) for each in products.requests]


def test_a_draft_has_the_id_of_its_request(lamp: int) -> None:
    assert draft(lamp).request_id == LEADER


@pytest.mark.parametrize(
    ("followers", "group"),
    [
        *(([], None), ([None], None), ([None, "third-0001"], "third-0001")),
        (["second-0001", "third-0001"], "second-0001,third-0001"),
    ],
)
def test_the_call_names_the_leader_and_its_followers_that_have_an_id(
    products: FakeProductsApi, lamp: int, followers: list[str | None], group: str | None
) -> None:
    place_group(lamp, *followers)

    assert headers(products) == [(LEADER, group)]


def test_a_hundred_usual_ids_fit_and_of_longer_ones_only_whole_ids_are_named(
    products: FakeProductsApi, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = [f"{number:032x}" for number in range(99)]
    place_group(lamp, *usual)
    monkeypatch.setattr(request_ids, "MAX_GROUP_LENGTH", 30)
    place_group(lamp, "b" * 10, "c" * 10, "d" * 10)

    assert [group for _, group in headers(products)] == [",".join(usual), "bbbbbbbbbb,cccccccccc"]


def test_log_lines_about_a_group_name_all_its_requests_and_orders(
    products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    products.unreachable = True

    place_group(lamp, "second-0001")

    [line] = about("outcome unknown", logged)
    assert (line["request_id"], line["request_group"], len(line["order_ids"])) == (LEADER, "second-0001", 2)


def test_what_a_request_causes_is_logged_under_its_id(
    customer: APIClient, products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    products.unreachable = True

    customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"X-Request-ID": "a-request-id"})

    [line] = about("outcome unknown", logged)
    assert (line["request_id"], line["orders"]) == ("a-request-id", 1)


def test_after_the_group_no_other_request_is_bound(lamp: int) -> None:
    place_group(lamp, "second-0001")

    assert (request_ids.current_request_id(), request_ids.current_request_group()) == (LEADER, None)
