"""Orders that are placed together are found by the id of each of their requests, in product_service's log too."""

import time
from typing import Any

import pytest
import structlog

from config import clients
from orders import request_groups
from orders.placing import Draft, place_group
from orders.request_groups import under_all_ids
from service_kit.testing.log_lines import LogLines, about
from tests.fake_products_api import FakeProductsApi
from tests.world import CUSTOMER

pytestmark = pytest.mark.django_db

LEADER = "leader-0001"
place_together = under_all_ids(place_group)


@pytest.fixture
def products(products: FakeProductsApi, monkeypatch: pytest.MonkeyPatch) -> FakeProductsApi:
    """The products API, called as this process calls it."""
    client = products.client(request_id=clients.request_id, request_group=clients.request_group)
    monkeypatch.setattr(clients, "products", lambda: client)
    return products


@pytest.fixture(autouse=True)
def _leader() -> Any:
    """The request that is being answered by this thread."""
    with structlog.contextvars.bound_contextvars(request_id=LEADER):
        yield


def draft(product_id: int, request_id: str | None) -> Draft:
    deadline = time.monotonic() + 10
    return Draft(CUSTOMER, product_id, 1, None, deadline, request_id=request_id)


def headers(products: FakeProductsApi) -> list[tuple[str | None, str | None]]:
    return [(each.headers.get("X-Request-ID"), each.headers.get("X-Request-Group")) for each in products.requests]


def test_a_draft_knows_the_request_that_it_came_by(lamp: int) -> None:
    assert Draft(CUSTOMER, lamp, 1, None, time.monotonic()).request_id == LEADER


def test_the_call_names_the_leader_and_the_others(products: FakeProductsApi, lamp: int) -> None:
    place_together([draft(lamp, LEADER), draft(lamp, "second-0001"), draft(lamp, "third-0001")])

    assert headers(products) == [(LEADER, "second-0001,third-0001")]


def test_who_is_placed_alone_names_nobody_else(products: FakeProductsApi, lamp: int) -> None:
    place_together([draft(lamp, LEADER)])

    assert headers(products) == [(LEADER, None)]


def test_requests_without_an_id_are_left_out(products: FakeProductsApi, lamp: int) -> None:
    place_together([draft(lamp, LEADER), draft(lamp, None), draft(lamp, "third-0001")])
    place_together([draft(lamp, LEADER), draft(lamp, None)])

    assert headers(products) == [(LEADER, "third-0001"), (LEADER, None)]


def test_a_hundred_usual_ids_have_room_and_of_long_ones_only_whole_ids_are_named(
    products: FakeProductsApi, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = [f"{number:032x}" for number in range(100)]
    place_together([draft(lamp, LEADER), *(draft(lamp, each) for each in usual[1:])])
    monkeypatch.setattr(request_groups, "LONGEST", 30)
    place_together([draft(lamp, LEADER), *(draft(lamp, each * 10) for each in ("b", "c", "d"))])

    (_, whole), (_, cut) = headers(products)
    assert whole == ",".join(usual[1:])
    assert cut == "bbbbbbbbbb,cccccccccc"


def test_what_is_logged_for_all_names_all_and_their_orders(
    products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    products.unreachable = True

    place_together([draft(lamp, LEADER), draft(lamp, "second-0001")])

    [line] = about("outcome unknown", logged)
    assert (line["request_id"], line["request_group"], len(line["order_ids"])) == (LEADER, "second-0001", 2)


@pytest.mark.usefixtures("products")
def test_afterwards_nobody_else_is_bound(lamp: int) -> None:
    place_together([draft(lamp, LEADER), draft(lamp, "second-0001")])

    assert clients.request_group() is None
    assert clients.request_id() == LEADER
