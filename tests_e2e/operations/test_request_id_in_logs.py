"""One request id connects the lines of the gateway's and both services' logs."""

import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from driver.shop import Actor, unique
from driver.waiting import eventually
from stack.registry import SERVICES
from stack.stack import Stack

ORDERS, RESERVATIONS = "/api/v1/orders/", "/internal/v1/reservations/"
CROWD = 12


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def lines_about(request_id: str, log: Path) -> list[dict[str, Any]]:
    return [line for line in lines(log) if line.get("request_id") == request_id]


def test_an_orders_request_id_is_in_every_log_it_passed(stack: Stack, customer: Actor, clerk: Actor) -> None:
    product = clerk.create_product(name=unique("Desk lamp")).json()
    request_id = uuid4().hex
    body = {"product_id": product["id"], "quantity": 1}

    answer = customer.request("POST", "/api/v1/orders/", json=body, headers={"X-Request-ID": request_id})

    assert (answer.status_code, answer.headers["X-Request-ID"]) == (201, request_id)
    # The gateway writes its line after it has sent the answer.
    logs = [stack.part(name).log for name in ("gateway", *SERVICES)]
    eventually(
        lambda: [log.name for log in logs if not lines_about(request_id, log)], lambda without: not without, within=5
    )


@pytest.mark.since("product_service", "0.2.0")
@pytest.mark.since("order_service", "0.2.0")
def test_each_order_that_is_placed_with_others_is_found_by_its_own_id_in_every_log(
    stack: Stack, customer: Actor, clerk: Actor
) -> None:
    product = clerk.create_product(name=unique("Desk lamp"), stock_quantity=CROWD).json()
    body = {"product_id": product["id"], "quantity": 1}
    request_ids = [uuid4().hex for _ in range(CROWD)]

    with ThreadPoolExecutor(CROWD) as threads:
        list(
            threads.map(
                lambda own: customer.request("POST", ORDERS, json=body, headers={"X-Request-ID": own}), request_ids
            )
        )

    everywhere = {
        *(("gateway", ORDERS), ("order_service", ORDERS)),
        *(("gateway", RESERVATIONS), ("product_service", RESERVATIONS)),
    }

    def missing() -> list[str]:
        paths = paths_by_id(stack)
        return [own for own in request_ids if not everywhere <= paths[own]]

    # The gateway writes its line after it has sent the answer.
    eventually(missing, lambda ids: ids == [], within=5)
    together = [line for line in lines(stack.part("product_service").log) if line.get("request_group")]
    assert together  # at least two orders shared a group


def paths_by_id(stack: Stack) -> defaultdict[str, set[tuple[str, str]]]:
    """Return who logged which path, by the id of the request or of the group that the line names."""
    paths = defaultdict(set)
    for name in ("gateway", *SERVICES):
        for line in lines(stack.part(name).log):
            for own in {line.get("request_id"), *str(line.get("request_group")).split(",")}:
                paths[str(own)].add((name, str(line.get("path"))))
    return paths


@pytest.mark.since("order_service", "0.2.0")
def test_a_release_by_the_reconciler_has_one_id_in_every_log(stack: Stack, customer: Actor, clerk: Actor) -> None:
    product = clerk.create_product(name=unique("Desk lamp")).json()
    order = customer.place_order(product_id=product["id"], quantity=1).json()

    customer.cancel_order(order["id"])

    [pushed] = eventually(
        lambda: [line for line in lines(stack.part("reconciler").log) if order["id"] in line.get("order_ids", [])],
        lambda found: len(found) == 1,
        within=10,
    )
    for name in ("gateway", "product_service"):
        assert lines_about(str(pushed["request_id"]), stack.part(name).log), name


def test_no_log_holds_a_token_or_a_query(stack: Stack, customer: Actor) -> None:
    customer.list_orders(status="pending", created_after="2001-02-03T04:05:06Z")

    logs = {name: part.log.read_text() for name, part in stack.parts.items()}
    assert customer.token
    assert [name for name, text in logs.items() if customer.token in text or "2001-02-03" in text] == []
