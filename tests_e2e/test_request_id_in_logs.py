"""One request id leads through the gateway's log and both services' logs."""

import json
from pathlib import Path
from uuid import uuid4

from driver.shop import Person, unique
from stack.stack import Stack


def lines_about(request_id: str, log: Path) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("request_id") == request_id]


def test_an_orders_request_id_is_in_every_log_it_passed(stack: Stack, customer: Person, clerk: Person) -> None:
    product = clerk.create_product(name=unique("Desk lamp")).json()
    request_id = uuid4().hex
    body = {"product_id": product["id"], "quantity": 1}

    answer = customer.ask("POST", "/api/v1/orders/", json=body, headers={"X-Request-ID": request_id})

    assert (answer.status_code, answer.headers["X-Request-ID"]) == (201, request_id)
    for name in ("gateway", "order_service", "product_service"):
        assert lines_about(request_id, stack.part(name).log), name


def test_no_log_holds_a_token_or_a_query(stack: Stack, customer: Person) -> None:
    customer.list_orders(status="pending", created_after="2001-02-03T04:05:06Z")

    logs = {name: part.log.read_text() for name, part in stack.parts.items()}
    assert customer.token
    assert [name for name, text in logs.items() if customer.token in text or "2001-02-03" in text] == []
