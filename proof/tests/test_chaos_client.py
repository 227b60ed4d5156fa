"""Every request is in the history before it is sent, and its result afterwards."""

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from chaos.history import Entry, Fail, Info, Invoke, Ok
from chaos.journal import Clock, Journal, read
from chaos.workload.client import Client
from chaos.workload.shared import Workload
from stack.keys import Keys

ORDERS = "/api/v1/orders/"
BODY = {"product_id": 1, "quantity": 2}
ORDER = {
    "id": 7,
    "product_id": 1,
    "product_name": "Lamp",
    "unit_price": "19.90",
    "quantity": 2,
    "total_price": "39.80",
    "status": "pending",
    "created_at": "2026-01-02T03:04:05Z",
    "updated_at": "2026-01-02T03:04:05Z",
}


class Shop(ThreadingHTTPServer):
    """Answers every POST with an order, or closes the connection while `drops_requests`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.drops_requests = False
        self.connections = 0
        self.seen_first: list[Entry] = []  # what the history held when the first request came
        self.history = Path()

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is part of the test."""


class _Handler(BaseHTTPRequestHandler):
    server: Shop
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen_first = self.server.seen_first or list(read(self.server.history))
        if self.server.drops_requests:
            self.close_connection = True
            return
        body = json.dumps(ORDER).encode()
        self.send_response(201)
        for name, value in (("Content-Type", "application/json"), ("Location", f"{ORDERS}7/"), ("ETag", '"7-1"')):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class named it
        """Keep quiet."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Shop() as listening:
        listening.history = tmp_path / "history.jsonl"
        Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield listening
        listening.shutdown()


@pytest.fixture
def client(shop: Shop, tmp_path: Path) -> Iterator[Client]:
    with Journal(shop.history, Clock()) as journal:
        workload = Workload(
            journal=journal,
            port=shop.server_port,
            keys=Keys(tmp_path),
            products=[],
            seed=1,
            pace=0.0,
            token_seconds=60,
        )
        made = Client(workload, process="alice.1", owner="alice", token=None, timeout=5)
        yield made
        made.close()


def replies(shop: Shop) -> list[Entry]:
    return [entry for entry in read(shop.history) if isinstance(entry, Ok | Fail | Info)]


def test_a_request_is_in_the_history_before_it_is_sent(shop: Shop, client: Client) -> None:
    client.request("place", ORDERS, BODY, key="k", product_id=1, quantity=2)

    (invoke,) = shop.seen_first
    assert isinstance(invoke, Invoke)
    assert (invoke.process, invoke.owner, invoke.key, invoke.quantity) == ("alice.1", "alice", "k", 2)


def test_its_answer_is_in_the_history_with_the_order_that_it_shows(shop: Shop, client: Client) -> None:
    outcome = client.request("place", ORDERS, BODY, key="k", product_id=1, quantity=2)

    (reply,) = replies(shop)
    assert isinstance(reply, Ok)
    assert (reply.answer.wrong, reply.answer.orders[0].id) == ("", 7)
    assert outcome.is_ok


def test_no_answer_leaves_the_outcome_unknown(shop: Shop, client: Client) -> None:
    shop.drops_requests = True

    outcome = client.request("place", ORDERS, BODY, key="k", product_id=1, quantity=2)

    (reply,) = replies(shop)
    assert isinstance(reply, Info)
    assert (reply.error, reply.unsent) == ("RemoteDisconnected", False)
    assert outcome.is_unknown


def test_a_refused_connection_counts_as_unsent(shop: Shop, client: Client) -> None:
    shop.shutdown()
    shop.server_close()

    client.request("place", ORDERS, BODY, key="k", product_id=1, quantity=2)

    (reply,) = replies(shop)
    assert isinstance(reply, Info)
    assert reply.unsent


def test_the_outcome_is_unknown_to_a_client_that_disconnects(shop: Shop, client: Client) -> None:
    client.vanish("place", ORDERS, BODY, key="k", share=1.0, after=2.0, product_id=1, quantity=2)

    (reply,) = replies(shop)
    assert isinstance(reply, Info)
    assert reply.error == "vanished"
    assert len(shop.seen_first) == 1


def test_a_connection_is_kept_until_the_other_side_closes_it(shop: Shop, client: Client) -> None:
    for _ in range(2):
        client.request("place", ORDERS, BODY)
    kept = shop.connections
    shop.drops_requests = True
    client.request("place", ORDERS, BODY)
    shop.drops_requests = False

    outcome = client.request("place", ORDERS, BODY)

    assert (kept, shop.connections) == (1, 2)
    assert outcome.is_ok
