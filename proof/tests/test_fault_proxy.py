"""The proxy applies a fault to a link while the fault lasts, and has no effect before and after."""

import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest

from chaos.proxy.control import Control
from chaos.proxy.fault_set import LinkFault, LinkFaultKind
from driver.stand_in import StandIn
from driver.waiting import eventually
from driver.wire import Address, connection
from tests.proxied import FAULT, GET, LINK, POST, answered, paths


def test_a_link_in_fine_weather_passes_requests_and_answers(link: Address, service: StandIn) -> None:
    statuses = answered(link, POST)

    assert statuses == [200]
    assert service.received[0]["body"] == "1234"


def test_latency_makes_answers_late_until_it_ends(proxy: Control, link: Address, service: StandIn) -> None:
    proxy.add_fault(LINK, FAULT, LinkFault("latency", seconds=0.4))
    began = time.monotonic()
    late = answered(link, GET)
    lasted = time.monotonic() - began
    touched = proxy.remove_fault(LINK, FAULT)
    began = time.monotonic()

    in_time = answered(link, GET)

    assert (late, in_time) == ([200], [200])
    assert lasted >= 0.4  # at least half of it, for the request and for the answer
    assert time.monotonic() - began < 0.4
    assert touched >= 2
    assert len(service.received) == 2


def test_refused_clients_can_connect_again_afterwards(proxy: Control, link: Address, service: StandIn) -> None:
    proxy.add_fault(LINK, FAULT, LinkFault("refuse"))
    refused = answered(link, GET)
    proxy.remove_fault(LINK, FAULT)

    let_in = answered(link, GET)

    assert (refused, let_in) == ([], [200])
    assert len(service.received) == 1


def test_a_port_that_refused_listens_again(proxy: Control, service: StandIn, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    proxy.open(LINK, listens=f"127.0.0.1:{port}", target=str(folder / service.name), is_http=True)
    proxy.add_fault(LINK, FAULT, LinkFault("refuse"))
    refused = answered(port, GET)
    proxy.remove_fault(LINK, FAULT)

    let_in = answered(port, GET)

    assert (refused, let_in) == ([], [200])


def test_a_black_hole_may_deliver_what_it_held_back(proxy: Control, link: Address, service: StandIn) -> None:
    proxy.add_fault(LINK, FAULT, LinkFault("blackhole", deliver=True))
    with connection(link) as opened:
        opened.sendall(POST)
        opened.settimeout(0.3)
        with pytest.raises(TimeoutError):
            opened.recv(1)
        before = paths(service)
        proxy.remove_fault(LINK, FAULT)
        opened.settimeout(5)
        answer = opened.recv(100)

    assert before == []
    assert answer.startswith(b"HTTP/1.1 200")
    assert paths(service) == ["POST /api/v1/orders/"]


def test_a_black_hole_may_drop_what_it_held_back(proxy: Control, link: Address, service: StandIn) -> None:
    proxy.add_fault(LINK, FAULT, LinkFault("blackhole", deliver=False))
    with connection(link) as opened:
        opened.sendall(POST)
        time.sleep(0.1)
        touched = proxy.remove_fault(LINK, FAULT)
        with suppress(ConnectionResetError):
            assert opened.recv(100) == b""

    assert touched == 1
    assert answered(link, GET) == [200]
    assert paths(service) == ["GET /api/v1/orders/"]


def test_a_reset_breaks_existing_connections(proxy: Control, link: Address) -> None:
    with connection(link) as opened:
        opened.sendall(POST[:20])
        eventually(lambda: proxy.reset(LINK), bool, within=5)
        with suppress(ConnectionResetError):
            assert opened.recv(100) == b""

    assert answered(link, GET) == [200]


@pytest.mark.parametrize("kind", ["cut-request", "cut-reply"])
def test_a_cut_breaks_as_many_as_it_counts(proxy: Control, link: Address, kind: LinkFaultKind) -> None:
    proxy.add_fault(LINK, FAULT, LinkFault(kind, count=2))

    statuses = [answered(link, POST) for _ in range(3)]

    assert statuses == [[], [], [200]]
    assert proxy.remove_fault(LINK, FAULT) == 2


def test_a_cut_request_never_arrives_as_a_whole(proxy: Control, link: Address, service: StandIn) -> None:
    proxy.add_fault(LINK, FAULT, LinkFault("cut-request", share=0.9))

    statuses = answered(link, POST)

    proxy.remove_fault(LINK, FAULT)
    assert statuses == []
    assert all(request["body"] != "1234" for request in service.received)


def test_the_request_of_a_lost_answer_did_arrive(proxy: Control, link: Address, service: StandIn) -> None:
    proxy.add_fault(LINK, FAULT, LinkFault("cut-reply"))

    statuses = answered(link, POST)

    proxy.remove_fault(LINK, FAULT)
    assert statuses == []
    assert [request["body"] for request in service.received] == ["1234"]


def test_answers_to_reads_are_not_cut(proxy: Control, link: Address) -> None:
    proxy.add_fault(LINK, FAULT, LinkFault("cut-reply"))

    statuses = answered(link, GET)

    assert statuses == [200]
    assert proxy.remove_fault(LINK, FAULT) == 0


def test_two_faults_of_one_link_end_independently(proxy: Control, link: Address) -> None:
    proxy.add_fault(LINK, 1, LinkFault("refuse"))
    proxy.add_fault(LINK, 2, LinkFault("refuse"))
    proxy.remove_fault(LINK, 1)

    still_refused = answered(link, GET)
    proxy.remove_fault(LINK, 2)

    assert (still_refused, answered(link, GET)) == ([], [200])


def test_a_request_is_repeated_byte_for_byte(proxy: Control, link: Address, service: StandIn) -> None:
    answered(link, POST)

    picked = proxy.pick(LINK, FAULT, age=0.0)
    line = proxy.repeat(LINK, FAULT)

    assert picked == "operation-7"
    assert line == "HTTP/1.1 200 OK"
    assert service.received[0] == service.received[1]


def test_only_what_may_be_repeated_is_recorded(proxy: Control, link: Address) -> None:
    answered(link, GET)
    answered(link, POST.replace(b"Idempotency-Key: k\r\n", b""))

    assert proxy.pick(LINK, FAULT, age=0.0) is None


def test_a_redirected_link_keeps_its_connections(proxy: Control, link: Address, service: StandIn, folder: Path) -> None:
    old, new = str(folder / service.name), str(folder / "new")
    with StandIn("new", Path(new)) as other, connection(link) as opened:
        eventually(lambda: proxy.connections(LINK, old), lambda number: number == 1, within=5)
        proxy.redirect(LINK, new)
        answered(link, GET)
        opened.sendall(POST)
        opened.recv(100)

        assert paths(other) == ["GET /api/v1/orders/"]
        assert paths(service) == ["POST /api/v1/orders/"]
    eventually(lambda: proxy.connections(LINK, old), lambda number: number == 0, within=5)


def test_a_large_answer_passes_whole_to_a_slow_reader(link: Address, service: StandIn) -> None:
    service.answer_padding = 20_000_000

    with connection(link) as opened:
        opened.sendall(GET)
        time.sleep(0.2)  # more comes than buffers hold
        received = sum(len(part) for part in iter(lambda: opened.recv(1_000_000), b""))

    assert received > 20_000_000
