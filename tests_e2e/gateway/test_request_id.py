"""Every request has one id: in the answer, at the service and in the log."""

from collections.abc import Iterator

import httpx
import pytest

from gateway.lone_gateway import LoneGateway, lone_gateway

MADE = r"^[0-9a-f]{32}$"


@pytest.fixture(scope="module")
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway() as running:
        yield running


def id_at_service(answer: httpx.Response) -> list[str]:
    return [value for name, value in answer.json()["headers"] if name == "x-request-id"]


@pytest.mark.parametrize("sent", ["a" * 8, "Z_9.-" * 25, "0f1e2d3c-aaaa-4bbb-8ccc-121212121212"])
def test_a_valid_id_of_the_client_is_used(gateway: LoneGateway, sent: str) -> None:
    answer = httpx.get(f"{gateway.public_url}/api/v1/orders/", headers={"X-Request-ID": sent})

    assert answer.headers.get_list("X-Request-ID") == [sent]
    assert id_at_service(answer) == [sent]


@pytest.mark.parametrize("sent", ["", "short", "a" * 129, "spaces in it", "semi;colon", 'quote"d-and-more'])
def test_a_malformed_id_is_replaced(gateway: LoneGateway, sent: str) -> None:
    answer = httpx.get(f"{gateway.public_url}/api/v1/orders/", headers={"X-Request-ID": sent})

    (made,) = answer.headers.get_list("X-Request-ID")
    assert len(made) == 32
    assert id_at_service(answer) == [made]


def test_a_request_without_an_id_gets_one_of_its_own(gateway: LoneGateway) -> None:
    first, second = (httpx.get(f"{gateway.public_url}/api/v1/orders/").headers["X-Request-ID"] for _ in range(2))

    assert first != second


def test_a_refusal_of_the_gateway_carries_it_too(gateway: LoneGateway) -> None:
    answer = httpx.get(f"{gateway.public_url}/internal/", headers={"X-Request-ID": "refused-0001"})

    assert answer.headers.get_list("X-Request-ID") == ["refused-0001"]


def test_a_service_cannot_double_or_change_it(gateway: LoneGateway) -> None:
    gateway.orders.answer_headers = {"X-Request-ID": "something-else"}

    answer = httpx.get(f"{gateway.public_url}/api/v1/orders/", headers={"X-Request-ID": "the-first-one"})

    gateway.orders.answer_headers = {}
    assert answer.headers.get_list("X-Request-ID") == ["the-first-one"]


def test_only_order_service_may_name_the_other_requests_of_its_group(gateway: LoneGateway) -> None:
    sent = {"X-Request-ID": "leader-0001", "X-Request-Group": "second-0001,third-0001"}
    odd = {"X-Request-ID": "leader-0002", "X-Request-Group": 'second-0001,"odd'}

    inside = httpx.get(f"{gateway.internal_url}/api/v1/products/7/", headers=sent)
    outside = httpx.get(f"{gateway.public_url}/api/v1/products/7/", headers={**sent, "X-Request-ID": "outside-0001"})
    malformed = httpx.get(f"{gateway.internal_url}/api/v1/products/7/", headers=odd)

    groups = [dict(answer.json()["headers"]).get("x-request-group") for answer in (inside, outside, malformed)]
    assert groups == ["second-0001,third-0001", None, None]
    assert gateway.log_line("leader-0001")["request_group"] == "second-0001,third-0001"
    assert gateway.log_line("outside-0001")["request_group"] == ""


def test_a_hundred_ids_of_other_requests_pass(gateway: LoneGateway) -> None:
    group = ",".join(f"{number:075d}" for number in range(98))  # 7,447 characters; order_service sends at most 7,500

    answer = httpx.get(f"{gateway.internal_url}/api/v1/products/7/", headers={"X-Request-Group": group})

    assert dict(answer.json()["headers"])["x-request-group"] == group


def test_the_log_line_has_it_and_neither_query_nor_token(gateway: LoneGateway) -> None:
    headers = {"X-Request-ID": "logged-0001", "Authorization": "Bearer sesame"}

    httpx.get(f"{gateway.public_url}/api/v1/orders/7/?secret=word", headers=headers)

    line = gateway.log_line("logged-0001")
    shown = {name: line[name] for name in ("listener", "method", "path", "status")}
    assert shown == {"listener": "public", "method": "GET", "path": "/api/v1/orders/7/", "status": 200}
    assert "sesame" not in str(line)
    assert "word" not in str(line)


def test_no_line_about_a_refused_or_failed_request_has_its_query() -> None:
    limits = {"GATEWAY_REQUESTS_PER_SECOND": "1", "GATEWAY_REQUESTS_BURST": "1", "GATEWAY_MAX_BODY": "1k"}
    with lone_gateway(**limits, GATEWAY_READ_TIMEOUT="100ms") as gateway:
        url = f"{gateway.public_url}/api/v1/orders/?secret=word"
        gateway.orders.answers.clear()
        late = httpx.get(url)
        gateway.orders.answers.set()
        large = httpx.post(url, content=b"x" * 2000)
        refused = [httpx.get(url, headers={"Referer": url}).status_code for _ in range(9)]

        log = gateway.part.log.read_text()

    assert (late.status_code, large.status_code, refused[-1]) == (504, 413, 429)
    assert "word" not in log
