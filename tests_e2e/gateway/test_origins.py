"""Browsers' pages of other origins: none may read the APIs by default; those that a setting names may, refusals too."""

from collections.abc import Iterator

import httpx
import pytest

from gateway.lone_gateway import LoneGateway, lone_gateway

SHOP, DESK = "https://shop.example", "https://desk.example:8443"
ASKED = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,idempotency-key"}
ALLOWED = "Access-Control-Allow-Origin"
ADDRESSES = ["/api/v1/orders/", "/api/v1/products/", "/api/v1/products/7/", "/nowhere", "/api/v1/orders"]
STRANGERS = [
    "https://shop.example.evil.example",
    "https://shop-example",
    "https://shopxexample",
    "http://shop.example",
    "https://SHOP.example",
    "https://desk.example",
    "https://shop.example https://desk.example:8443",
    "null",
    "off",
    "x | x",
    "https://evil.example | https://evil.example",
]


@pytest.fixture(scope="module")
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway(GATEWAY_CORS_ORIGINS=f"{SHOP} {DESK}", GATEWAY_READ_TIMEOUT="300ms") as running:
        yield running


@pytest.fixture(scope="module")
def closed() -> Iterator[LoneGateway]:
    with lone_gateway() as running:
        yield running


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("origin", [SHOP, DESK])
def test_a_page_of_an_allowed_origin_may_read_every_answer(gateway: LoneGateway, path: str, origin: str) -> None:
    answer = httpx.get(gateway.public_url + path, headers={"Origin": origin})

    assert answer.headers.get_list(ALLOWED) == [origin]
    assert "Origin" in answer.headers["Vary"].split(", ")
    assert {"ETag", "Location", "Retry-After", "X-Request-ID"} <= set(
        answer.headers["Access-Control-Expose-Headers"].split(", ")
    )
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("origin", STRANGERS)
def test_no_other_origin_may(gateway: LoneGateway, origin: str) -> None:
    answers = [httpx.get(gateway.public_url + path, headers={"Origin": origin}) for path in ADDRESSES]

    assert all(ALLOWED not in answer.headers for answer in answers)
    assert all("Origin" in answer.headers["Vary"] for answer in answers), "or a cache would give the wrong one"


def test_the_refusals_of_the_gateway_can_be_read_too(gateway: LoneGateway) -> None:
    url, headers = f"{gateway.public_url}/api/v1/orders/", {"Origin": SHOP}
    gateway.orders.answers.clear()

    refusals = [
        httpx.post(url, headers=headers, content=b"x" * (64 * 1024 + 1)),
        httpx.get(f"{url}?status={'x' * 9000}", headers=headers),
        httpx.get(url, headers=headers),
    ]

    gateway.orders.answers.set()
    assert [answer.status_code for answer in refusals[::2]] == [413, 504]
    assert [answer.headers[ALLOWED] for answer in refusals[::2]] == [SHOP, SHOP]
    assert refusals[1].status_code == 414


@pytest.mark.parametrize("path", ["/api/v1/orders/", "/api/v1/products/7/", "/api/v1/products/"])
def test_a_browsers_question_is_answered_by_the_gateway(gateway: LoneGateway, path: str) -> None:
    before = len(gateway.received())

    answer = httpx.options(gateway.public_url + path, headers={"Origin": SHOP, **ASKED})

    assert (answer.status_code, answer.headers[ALLOWED], answer.content) == (204, SHOP, b"")
    assert {"POST", "PUT", "PATCH", "DELETE"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    assert {"Authorization", "Content-Type", "Idempotency-Key", "If-Match"} <= set(
        answer.headers["Access-Control-Allow-Headers"].split(", ")
    )
    assert "Content-Type" not in answer.headers
    assert answer.headers["X-Request-ID"]
    assert gateway.received()[before:] == []


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example", **ASKED}, {"Origin": SHOP}, {}])
def test_any_other_options_request_is_the_services(gateway: LoneGateway, headers: dict[str, str]) -> None:
    answer = httpx.options(f"{gateway.public_url}/api/v1/orders/", headers=headers)

    assert answer.json()["method"] == "OPTIONS"
    assert "Access-Control-Allow-Methods" not in answer.headers


def test_an_answer_that_was_kept_for_one_origin_is_not_allowed_to_another(gateway: LoneGateway) -> None:
    with httpx.Client(base_url=gateway.public_url) as client:
        allowed = [
            client.get("/api/v1/products/", headers=headers).headers.get(ALLOWED)
            for headers in ({"Origin": SHOP}, {"Origin": "https://evil.example"}, {}, {"Origin": DESK})
        ]

    assert allowed == [SHOP, None, None, DESK]


@pytest.mark.parametrize("path", ADDRESSES)
def test_by_default_no_origin_is_allowed(closed: LoneGateway, path: str) -> None:
    answers = [
        httpx.get(closed.public_url + path, headers={"Origin": SHOP}),
        httpx.options(closed.public_url + path, headers={"Origin": SHOP, **ASKED}),
    ]

    assert [name for answer in answers for name in answer.headers if name.startswith("access-control-")] == []
    assert all("Origin" not in answer.headers["Vary"] for answer in answers)


def test_all_origins_can_be_allowed() -> None:
    with lone_gateway(GATEWAY_CORS_ORIGINS="*") as gateway:
        answer = httpx.get(f"{gateway.public_url}/api/v1/orders/", headers={"Origin": "https://any.example"})
        question = httpx.options(f"{gateway.public_url}/api/v1/orders/", headers={"Origin": SHOP, **ASKED})

    assert (answer.headers[ALLOWED], question.status_code) == ("*", 204)


def test_the_internal_listener_allows_no_origin(gateway: LoneGateway) -> None:
    answer = httpx.get(f"{gateway.internal_url}/api/v1/products/", headers={"Origin": SHOP})

    assert ALLOWED not in answer.headers
