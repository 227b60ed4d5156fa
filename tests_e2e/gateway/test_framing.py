"""Requests that no client should send, byte by byte: each gets one answer, and none smuggles another one in."""

import json
from collections.abc import Iterator

import pytest

from driver.wire import Answer, exchange
from gateway.lone_gateway import LoneGateway, lone_gateway
from stack.registry import SERVICES
from stack.stack import Stack

SMUGGLED = b"GET /internal/v1/reservations/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /api/v1/orders/ HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET /api/v1/orders/ HTTP/1.1\r\nHost: localhost\r\n"
CLOSE = b"Connection: close\r\n"

# Not well-formed, and dangerous where two servers read them differently: refused, and the connection closed.
MALFORMED = {
    "length and chunks": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 70\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + SMUGGLED,
    "two lengths in one": POST + b"Content-Length: 0, 60\r\n\r\n" + SMUGGLED,
    "a signed length": POST + b"Content-Length: +0\r\n\r\n" + SMUGGLED,
    "a negative length": POST + b"Content-Length: -1\r\n\r\n" + SMUGGLED,
    "a hexadecimal length": POST + b"Content-Length: 0x0\r\n\r\n" + SMUGGLED,
    "a length with an underscore": POST + b"Content-Length: 6_0\r\n\r\n" + SMUGGLED,
    "an endless length": POST + b"Content-Length: 99999999999999999999\r\n\r\n" + SMUGGLED,
    "an unknown transfer coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked, then identity": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a chunk size that is no number": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n" + SMUGGLED,
    "a negative chunk size": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + SMUGGLED,
    "NUL in a header": GET + b"X-Nul: a\x00b\r\n\r\n",
    "no host": b"GET /api/v1/orders/ HTTP/1.1\r\n\r\n",
    "two hosts": GET + b"Host: internal\r\n\r\n",
    "no HTTP": b"EHLO localhost\r\n\r\n",
    "an unknown version": b"GET /api/v1/orders/ HTTP/4.2\r\nHost: localhost\r\n\r\n",
}
# Harmless oddities: one answer, whichever it is.
ODD = {
    "bare line feeds": b"GET /api/v1/orders/ HTTP/1.1\nHost: localhost\nConnection: close\n\n",
    "a folded header": GET + CLOSE + b"X-Folded: a\r\n b\r\n\r\n",
    "a space before the colon": GET + CLOSE + b"X-Space : a\r\n\r\n",
    "an absolute address": b"GET http://localhost/api/v1/orders/ HTTP/1.1\r\nHost: localhost\r\n" + CLOSE + b"\r\n",
    "another server's address": b"GET http://internal/internal/ HTTP/1.1\r\nHost: localhost\r\n" + CLOSE + b"\r\n",
    "64 KB of headers": GET + CLOSE + b"X-Large: " + b"x" * 65536 + b"\r\n\r\n",
    "1,000 headers": GET + CLOSE + b"".join(b"X-%d: x\r\n" % number for number in range(1000)) + b"\r\n",
    "a method override": POST + CLOSE + b"X-HTTP-Method-Override: DELETE\r\nContent-Length: 0\r\n\r\n",
    "TRACE": b"TRACE /api/v1/orders/ HTTP/1.1\r\nHost: localhost\r\n" + CLOSE + b"\r\n",
    "an upgrade to h2c": GET
    + b"Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n",
}


@pytest.fixture(scope="module")
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway() as running:
        yield running


def nothing_internal_in(received: list[dict[str, object]]) -> bool:
    return not any("internal" in str(request["path"]) for request in received)


def is_refusal(answer: Answer) -> bool:
    """Whether it is a refusal of the client's request; 501 is for an unknown transfer coding."""
    return 400 <= answer.status < 500 or answer.status == 501


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED.keys())
def test_the_gateway_refuses_malformed_requests_and_passes_nothing_on(gateway: LoneGateway, sent: bytes) -> None:
    before = len(gateway.received())

    answers = exchange(gateway.public_port, sent)

    assert [is_refusal(answer) for answer in answers] == [True], answers
    assert gateway.received()[before:] == []


@pytest.mark.parametrize("sent", ODD.values(), ids=ODD.keys())
def test_the_gateway_gives_one_answer_to_an_odd_request(gateway: LoneGateway, sent: bytes) -> None:
    before = len(gateway.received())

    answers = exchange(gateway.public_port, sent)

    assert len(answers) == 1, answers
    assert answers[0].status < 500
    assert len(gateway.received()[before:]) <= 1
    assert nothing_internal_in(gateway.received()[before:])


def test_the_gateway_hides_the_upgrade_from_the_service(gateway: LoneGateway) -> None:
    (answer,) = exchange(gateway.public_port, ODD["an upgrade to h2c"])

    assert answer.status == 200
    assert "upgrade" not in dict(gateway.orders.received[-1]["headers"])


def test_50_pipelined_requests_get_50_answers_in_order(gateway: LoneGateway) -> None:
    sent = b"".join(
        b"GET /api/v1/orders/%d/ HTTP/1.1\r\nHost: localhost\r\n%s\r\n" % (number, CLOSE if number == 49 else b"")
        for number in range(50)
    )

    answers = exchange(gateway.public_port, sent)

    assert [answer.status for answer in answers] == [200] * 50
    assert [json.loads(answer.body)["path"] for answer in answers] == [f"/api/v1/orders/{n}/" for n in range(50)]


def test_a_body_is_never_read_as_the_next_request(gateway: LoneGateway) -> None:
    sent = POST + b"Content-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED + GET + CLOSE + b"\r\n"

    answers = exchange(gateway.public_port, sent)

    assert [answer.status for answer in answers] == [200, 200]
    assert gateway.orders.received[-2]["body"] == SMUGGLED.decode()
    assert nothing_internal_in(gateway.received())


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED.keys())
def test_gunicorn_refuses_malformed_requests_and_those_hidden_in_them(stack: Stack, service: str, sent: bytes) -> None:
    """A refusal that came before the body was read may be followed by one of the body itself."""
    answers = exchange(stack.part(service).address, sent)

    assert answers, "closed without an answer"
    assert all(is_refusal(answer) for answer in answers), answers
    assert not any(b"/internal/" in answer.body for answer in answers), answers


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("sent", ODD.values(), ids=ODD.keys())
def test_gunicorn_gives_one_answer_to_an_odd_request(stack: Stack, service: str, sent: bytes) -> None:
    answers = exchange(stack.part(service).address, sent)

    assert len(answers) == 1, answers
    assert answers[0].status < 500


@pytest.mark.parametrize("service", SERVICES)
def test_gunicorn_never_reads_a_body_as_the_next_request(stack: Stack, service: str) -> None:
    sent = POST + b"Content-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED + GET + CLOSE + b"\r\n"

    answers = exchange(stack.part(service).address, sent)

    assert len(answers) == 2
    assert all(answer.status < 500 for answer in answers)
