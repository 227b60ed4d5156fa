"""One trace shows an order placement from the gateway to both databases; links show what was done in groups."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

import pytest

from commands.collector import Collector, Link, Span, tree
from driver.shop import Actor, Shop, unique
from driver.waiting import eventually
from stack.registry import SERVICES
from stack.stack import Database, Stack

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]

CALLER = "00f067aa0ba902b7"  # the client's own span, in the header that it sends
SOON = 15.0  # seconds within which spans have been exported
TOKEN_BEGINS = "eyJ"  # noqa: S105 - as every token does


@dataclass
class Traced:
    """A shop whose processes send their spans to a collector."""

    stack: Stack
    collector: Collector
    customer: Actor
    product_id: int

    def place(self, *, traceparent: str, request_id: str | None = None) -> None:
        headers = {"traceparent": traceparent, "X-Request-ID": request_id or uuid4().hex}
        body = {"product_id": self.product_id, "quantity": 1}
        assert self.customer.request("POST", "/api/v1/orders/", json=body, headers=headers).status_code == 201

    def spans(self, trace: str, *, wanted: int, process: str | None = None) -> list[Span]:
        """The spans of one trace, once so many of them are requests, to this process if one is named."""
        return eventually(
            lambda: self.collector.trace(trace),
            lambda spans: len(of_kind(spans, "server", process=process)) >= wanted,
            within=SOON,
        )


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def traced(request: pytest.FixtureRequest) -> Iterator[Traced]:
    database: Database = request.param
    if database == "postgresql":
        request.getfixturevalue("postgresql")
    with Collector() as collector:
        # One process of each, so that all requests share its groups.
        env = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "WEB_CONCURRENCY": "1",
        }
        with Stack(database=database, env=dict.fromkeys(SERVICES, env)) as stack:
            shop = Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
            product = shop.actor("staff", "the clerk").create_product(name=unique("Desk lamp"), stock_quantity=1000)
            yield Traced(stack, collector, shop.actor("customer", "the customer"), product.json()["id"])
            shop.close()


def of_kind(spans: list[Span], kind: str, *, process: str | None = None) -> list[Span]:
    return [span for span in spans if span.kind == kind and process in {None, span.process}]


def statements_under(parent: Span, spans: list[Span]) -> str:
    """The text of all statements that a span has caused itself."""
    return "\n".join(span.attributes.get("db.query.text", "") for span in spans if span.parent == parent.id)


def test_one_trace_shows_an_order_placement_from_the_gateway_to_both_databases(traced: Traced) -> None:
    trace, request_id = uuid4().hex, uuid4().hex

    traced.place(traceparent=f"00-{trace}-{CALLER}-01", request_id=request_id)

    spans = traced.spans(trace, wanted=2)
    (placed,) = of_kind(spans, "server", process="order_service")
    (reserved,) = of_kind(spans, "server", process="product_service")
    (asked,) = [span for span in of_kind(spans, "client") if "url.full" in span.attributes]
    (place,) = [span for span in spans if span.name == "place"]
    (group,) = [span for span in spans if span.name == "group"]
    assert (placed.name, placed.parent) == ("POST api/v1/orders/", CALLER), tree(spans)
    assert (place.parent, group.parent, asked.parent) == (placed.id, place.id, group.id)
    assert (reserved.name, reserved.parent) == ("POST internal/v1/reservations/", asked.id)
    assert "INSERT INTO orders_order" in statements_under(group, spans)
    assert "UPDATE orders_order" in statements_under(group, spans)
    assert "INSERT INTO inventory_reservation" in statements_under(reserved, spans)
    assert "UPDATE products_product" in statements_under(reserved, spans)
    assert {placed.attributes["request_id"], reserved.attributes["request_id"]} == {request_id}


def test_an_order_placement_in_the_group_of_another_request_is_linked_with_the_spans_that_placed_it(
    traced: Traced,
) -> None:
    traces = [uuid4().hex for _ in range(5)]
    headers = [f"00-{trace}-{CALLER}-01" for trace in traces]
    products = traced.stack.part("product_service")

    with ThreadPoolExecutor(5) as threads:
        products.freeze()  # the first one's group waits for an answer, and the others for the next group
        try:
            placements = [threads.submit(traced.place, traceparent=header) for header in headers]
            time.sleep(0.5)  # shorter than one attempt of a call
        finally:
            products.thaw()
        for placement in placements:
            placement.result()

    spans = [span for trace in traces for span in traced.spans(trace, wanted=1, process="order_service")]
    groups = {span.id: span for span in spans if span.name == "group"}
    places = {span.id: span for span in spans if span.name == "place"}
    followers = [span for span in places.values() if span.links]
    assert len(places) == 5
    assert followers
    assert len(followers) == len(places) - len(groups)
    for follower in followers:
        (link,) = follower.links
        assert Link(follower.trace, follower.id) in groups[link.span].links
    assert sum(int(group.attributes["group.size"]) for group in groups.values()) == 5


@pytest.mark.parametrize("header", ["nonsense", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", ""])
def test_an_invalid_trace_header_is_ignored(traced: Traced, header: str) -> None:
    request_id = uuid4().hex

    traced.place(traceparent=header, request_id=request_id)

    (placed,) = eventually(
        lambda: [
            span
            for span in of_kind(traced.collector.spans, "server", process="order_service")
            if span.attributes["request_id"] == request_id
        ],
        bool,
        within=SOON,
    )
    assert placed.parent == ""
    assert len(of_kind(traced.spans(placed.trace, wanted=2), "server")) == 2


def test_a_step_of_the_reconciler_is_a_trace_and_its_polling_is_none(traced: Traced) -> None:
    order = traced.customer.place_order(product_id=traced.product_id, quantity=1).json()
    traced.customer.cancel_order(order["id"])

    (push,) = eventually(
        lambda: [span for span in traced.collector.spans if span.process == "reconciler" and not span.parent],
        bool,
        within=SOON,
    )
    spans = traced.spans(push.trace, wanted=1)
    assert push.name == "push desired quantities"
    assert [span.process for span in of_kind(spans, "server")] == ["product_service"]
    assert "orders_order" in statements_under(push, spans)


def test_probes_are_not_traced_and_no_span_holds_a_token_or_a_query(traced: Traced) -> None:
    traced.customer.list_orders(created_after="2001-02-03T04:05:06Z")

    listed = eventually(
        lambda: [span for span in traced.collector.spans if span.name == "GET api/v1/orders/"], bool, within=SOON
    )
    texts = [text for span in traced.collector.spans for text in (span.name, *span.attributes.values())]
    assert listed[0].attributes["url.query"] == "REDACTED"
    assert [text for text in texts if "2001-02-03" in text or TOKEN_BEGINS in text or "readyz" in text] == []


def test_a_log_line_names_the_trace_of_its_request(traced: Traced) -> None:
    trace = uuid4().hex

    traced.place(traceparent=f"00-{trace}-{CALLER}-01")

    for name in SERVICES:
        lines = traced.stack.part(name).log.read_text().splitlines()
        assert trace in {json.loads(line).get("trace_id") for line in lines if line.startswith("{")}, name
