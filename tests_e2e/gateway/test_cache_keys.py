"""Requests that may get different answers never share a kept one; clients that have the answer already get 304."""

from collections.abc import Iterator

import httpx
import pytest

from driver.wire import exchange
from gateway.lone_gateway import LoneGateway, lone_gateway
from gateway.seconds import until_the_next_second

PRODUCT = "/api/v1/products/7/"
TAG = '"the-tag"'
# Each is a request of its own, as the service sees it; the first would be taken for another by a careless key.
DIFFERENT = [
    ("/api/v1/products/?min_price=1&max_price=2", "/api/v1/products/?max_price=2&min_price=1"),
    ("/api/v1/products/?name=a&name=b", "/api/v1/products/?name=b&name=a"),
    ("/api/v1/products/?name=a", "/api/v1/products/?name=A"),
    ("/api/v1/products/?name=%61", "/api/v1/products/?name=a"),
    ("/api/v1/products/?name=a+b", "/api/v1/products/?name=a%20b"),
    ("/api/v1/products/?name=", "/api/v1/products/?name"),
    ("/api/v1/products/?ids=7", "/api/v1/products/7/"),
    ("/api/v1/products/?7/", "/api/v1/products/7/"),
    ("/api/v1/products/%3Fname=a", "/api/v1/products/?name=a"),
    ("/api/v1/products/?name=a/api/v1/products/7/", "/api/v1/products/7/?name=a"),
    ("/api/v1/products/7/%0A", "/api/v1/products/7/"),
    ("/api/v1/products/7/%20", "/api/v1/products/7/"),
    ("/api/v1/products/07/", "/api/v1/products/7/"),
    ("/api/v1/products/7/%00/", "/api/v1/products/7/"),
    ("/api/v1/products/7/stock-adjustments/", "/api/v1/products/7/"),
    ("/api/v1/products/8/", "/api/v1/products/7/"),
]
# Spellings of one address: the service sees the same request, so one answer will do.
SAME = [
    "/api/v1/products/%37/",
    "/api/v1/products//7/",
    "/api/v1/products/./7/",
    "/api/v1/products/8/../7/",
    "/api/v1/products/7%2F",
    "/api/v1/products/7/?",
]


@pytest.fixture(scope="module")
def running() -> Iterator[LoneGateway]:
    with lone_gateway() as gateway:
        yield gateway


@pytest.fixture(scope="module")
def client(running: LoneGateway) -> Iterator[httpx.Client]:
    """One for all: making a client takes a good part of the second that requests share."""
    with httpx.Client(base_url=running.public_url) as opened:
        yield opened


@pytest.fixture
def gateway(running: LoneGateway) -> LoneGateway:
    """The gateway at the beginning of a second, with products that have a tag."""
    running.products.answer_headers = {"ETag": TAG}
    until_the_next_second()
    running.products.received.clear()
    return running


def raw(gateway: LoneGateway, path: str, *lines: str) -> bytes:
    """The body of the answer to exactly this line."""
    head = "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *lines, "", ""])
    (answer,) = exchange(gateway.public_port, head.encode())
    return answer.body


def reached(gateway: LoneGateway) -> list[str]:
    return [request["path"] for request in gateway.products.received]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_requests_are_kept_apart(gateway: LoneGateway, one: str, other: str) -> None:
    first, second = raw(gateway, one), raw(gateway, other)

    assert first != second
    assert other in reached(gateway)


@pytest.mark.parametrize("spelling", SAME)
def test_spellings_that_mean_the_same_share_an_answer(gateway: LoneGateway, spelling: str) -> None:
    first, second = raw(gateway, PRODUCT), raw(gateway, spelling)

    assert first == second
    assert reached(gateway) == [PRODUCT]


def test_the_host_that_links_are_made_of_is_kept_apart(gateway: LoneGateway, client: httpx.Client) -> None:
    hosts = ["localhost", "localhost:80", "shop.example", "localhost"]

    answers = [client.get(PRODUCT, headers={"Host": host}).json() for host in hosts]

    assert [dict(answer["headers"])["host"] for answer in answers] == hosts
    assert len(reached(gateway)) == 3


def test_forwarded_headers_of_the_client_are_in_no_kept_answer(gateway: LoneGateway) -> None:
    raw(gateway, PRODUCT, "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: gopher", "X-Original-URL: /evil")

    assert b"evil" not in raw(gateway, PRODUCT)
    assert len(reached(gateway)) == 1


def test_a_head_and_a_get_share_an_answer(gateway: LoneGateway, client: httpx.Client) -> None:
    head, get = client.head(PRODUCT), client.get(PRODUCT)

    assert (head.content, head.headers["Content-Length"]) == (b"", str(len(get.content)))
    assert get.json()["path"] == PRODUCT
    assert len(reached(gateway)) == 1


def test_a_range_request_gets_the_whole_answer(gateway: LoneGateway, client: httpx.Client) -> None:
    whole = client.get(PRODUCT)

    part = client.get(PRODUCT, headers={"Range": "bytes=0-3"})

    assert (part.status_code, part.content) == (200, whole.content)
    assert len(reached(gateway)) == 1


@pytest.mark.parametrize("known", [TAG, f"W/{TAG}", f'"another", {TAG}', "*"])
def test_a_client_that_has_the_answer_gets_304(gateway: LoneGateway, client: httpx.Client, known: str) -> None:
    condition = {"If-None-Match": known}

    filling, kept, whole = (
        client.get(PRODUCT, headers=condition),
        client.get(PRODUCT, headers=condition),
        client.get(PRODUCT),
    )

    assert [answer.status_code for answer in (filling, kept, whole)] == [304, 304, 200]
    assert (kept.content, kept.headers["ETag"], kept.headers["Age"]) == (b"", TAG, "0")
    assert kept.headers["Cache-Control"] == "max-age=1"
    assert len(reached(gateway)) == 1


@pytest.mark.parametrize(("known", "status"), [(TAG, 304), ('"another"', 200)])
def test_a_date_beside_the_tag_does_not_matter(
    gateway: LoneGateway, client: httpx.Client, known: str, status: int
) -> None:
    gateway.products.answers_not_modified = True
    dates = ["Sun, 06 Nov 1994 08:49:37 GMT", "Sat, 01 Jan 2050 00:00:00 GMT"]
    client.get(PRODUCT)

    answers = [client.get(PRODUCT, headers={"If-None-Match": known, "If-Modified-Since": date}) for date in dates]

    gateway.products.answers_not_modified = False
    assert [answer.status_code for answer in answers] == [status, status]


@pytest.mark.parametrize("known", ['"another"', 'W/"another"', "the-tag", '""'])
def test_a_client_that_has_another_answer_gets_the_whole(
    gateway: LoneGateway, client: httpx.Client, known: str
) -> None:
    answers = [client.get(PRODUCT, headers={"If-None-Match": known}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(reached(gateway)) == 1


@pytest.mark.parametrize(
    "condition",
    [{"If-Match": '"another"'}, {"If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"}],
    ids=["If-Match", "If-Unmodified-Since"],
)
def test_other_conditions_are_passed_to_the_service(
    gateway: LoneGateway, client: httpx.Client, condition: dict[str, str]
) -> None:
    answers = [client.get(PRODUCT, headers=condition) for _ in range(2)]

    [(name, value)] = condition.items()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [[name.lower(), value] in request["headers"] for request in gateway.products.received] == [True, True]
