"""The micro-cache: within a second of the clock, equal reads without a token reach the service once."""

from collections.abc import Iterator

import httpx
import pytest

from gateway.lone_gateway import LoneGateway, lone_gateway
from gateway.seconds import until_the_next_second
from stack.errors import StackError

PRODUCT = "/api/v1/products/7/"
KEPT = "max-age=1"
NOT_KEPT = "no-store"


@pytest.fixture(scope="module")
def running() -> Iterator[LoneGateway]:
    with lone_gateway() as gateway:
        yield gateway


@pytest.fixture
def gateway(running: LoneGateway) -> LoneGateway:
    """The gateway with an empty cache, and stand-ins with their defaults."""
    running.products.answer_status = 200
    running.products.answer_headers = {}
    running.products.answer_padding = 0
    until_the_next_second()
    running.products.received.clear()
    running.orders.received.clear()
    return running


@pytest.fixture
def client(gateway: LoneGateway) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=gateway.public_url) as opened:
        yield opened


@pytest.mark.parametrize("path", [PRODUCT, "/api/v1/products/", "/api/v1/products/?name=lamp&page_size=5"])
def test_a_repeated_read_is_answered_by_the_gateway(gateway: LoneGateway, client: httpx.Client, path: str) -> None:
    first, second = client.get(path), client.get(path)

    assert len(gateway.received()) == 1
    assert (second.content, second.headers["Content-Type"]) == (first.content, "application/json")


def test_the_next_second_reads_anew(gateway: LoneGateway, client: httpx.Client) -> None:
    client.get(PRODUCT)
    client.get(PRODUCT)

    until_the_next_second()

    assert "Age" not in client.get(PRODUCT).headers
    assert len(gateway.received()) == 2


@pytest.mark.usefixtures("gateway")
def test_a_kept_answer_has_its_age_and_its_lifetime(client: httpx.Client) -> None:
    first, second = client.get(PRODUCT), client.get(PRODUCT)

    assert ("Age" in first.headers, second.headers.get_list("Age")) == (False, ["0"])
    for answer in (first, second):
        assert answer.headers.get_list("Cache-Control") == [KEPT]
        assert answer.headers.get_list("Vary") == ["Authorization"]


def test_its_date_is_that_of_the_service(gateway: LoneGateway, client: httpx.Client) -> None:
    gateway.products.answer_headers = {"Date": "Sun, 06 Nov 1994 08:49:37 GMT"}

    first, second = client.get(PRODUCT), client.get(PRODUCT)

    assert first.headers["Date"] == second.headers["Date"] == "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.usefixtures("gateway")
def test_a_kept_answer_carries_the_id_of_the_request_that_it_answers(client: httpx.Client) -> None:
    ids = [
        client.get(PRODUCT, headers={"X-Request-ID": sent}).headers.get_list("X-Request-ID")
        for sent in ("a" * 8, "b" * 8)
    ]

    assert ids == [["a" * 8], ["b" * 8]]


def test_the_log_shows_which_answers_were_kept_ones(gateway: LoneGateway, client: httpx.Client) -> None:
    for name in ("asked-for", "was-kept", "with-token"):
        headers = {"Authorization": "Bearer sesame"} if name == "with-token" else {}
        client.get(PRODUCT, headers={"X-Request-ID": name, **headers})

    assert [gateway.log_line(name)["cache"] for name in ("asked-for", "was-kept", "with-token")] == ["MISS", "HIT", ""]


def test_a_token_is_never_answered_from_it(gateway: LoneGateway, client: httpx.Client) -> None:
    client.get(PRODUCT)

    answers = [client.get(PRODUCT, headers={"Authorization": "Bearer sesame"}) for _ in range(2)]

    assert len(gateway.received()) == 3
    for answer in answers:
        assert ["authorization", "Bearer sesame"] in answer.json()["headers"]
        assert (answer.headers["Cache-Control"], "Age" in answer.headers) == (NOT_KEPT, False)


def test_answers_to_requests_with_a_token_are_never_kept(gateway: LoneGateway, client: httpx.Client) -> None:
    client.get(PRODUCT, headers={"Authorization": "Bearer sesame"})

    answer = client.get(PRODUCT)

    assert len(gateway.received()) == 2
    assert "sesame" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", [PRODUCT, "/api/v1/products/"])
def test_nothing_but_a_read_is_answered_from_it(
    gateway: LoneGateway, client: httpx.Client, method: str, path: str
) -> None:
    client.get(path)

    answers = [client.request(method, path) for _ in range(2)]

    assert [answer.json()["method"] for answer in answers] == [method, method]
    assert [answer.headers["Cache-Control"] for answer in answers] == [NOT_KEPT, NOT_KEPT]
    assert len(gateway.received()) == 3


@pytest.mark.parametrize("path", [f"{PRODUCT}stock-adjustments/", "/api/v1/products/x/", "/api/v1/orders/"])
def test_nothing_but_lists_and_products_is_kept(gateway: LoneGateway, client: httpx.Client, path: str) -> None:
    answers = [client.get(path) for _ in range(2)]

    assert len(gateway.received()) == 2
    assert [answer.headers["Cache-Control"] for answer in answers] == [NOT_KEPT, NOT_KEPT]


@pytest.mark.parametrize("path", [PRODUCT, "/api/v1/products/?ids=7"])
def test_the_internal_listener_keeps_no_answers(gateway: LoneGateway, path: str) -> None:
    httpx.get(gateway.public_url + path)

    answers = [httpx.get(gateway.internal_url + path) for _ in range(2)]

    assert len(gateway.received()) == 3
    assert all("Age" not in answer.headers for answer in answers)


@pytest.mark.parametrize("status", [301, 400, 404, 429, 500, 503])
def test_only_a_200_is_kept(gateway: LoneGateway, client: httpx.Client, status: int) -> None:
    gateway.products.answer_status = status
    refusals = [client.get(PRODUCT) for _ in range(2)]
    gateway.products.answer_status = 200

    recovered = client.get(PRODUCT)

    assert [answer.status_code for answer in (*refusals, recovered)] == [status, status, 200]
    assert [answer.headers.get_list("Cache-Control") for answer in refusals] == [[NOT_KEPT], [NOT_KEPT]]


def test_a_refusal_of_the_gateway_is_not_to_be_kept_either() -> None:
    with lone_gateway(GATEWAY_PRODUCT_SERVICE="server unix:/nowhere/products.sock;") as gateway:
        answer = httpx.get(gateway.public_url + PRODUCT)

    assert (answer.status_code, answer.headers.get_list("Cache-Control")) == (502, [NOT_KEPT])


@pytest.mark.parametrize("headers", [{"Cache-Control": "no-store"}, {"Cache-Control": "private"}])
def test_the_service_decides_what_is_kept(gateway: LoneGateway, client: httpx.Client, headers: dict[str, str]) -> None:
    gateway.products.answer_headers = headers

    answers = [client.get(PRODUCT) for _ in range(2)]

    assert len(gateway.received()) == 2
    assert [answer.headers.get_list("Cache-Control") for answer in answers] == [[headers["Cache-Control"]]] * 2


@pytest.mark.parametrize("headers", [{"Age": "3600"}, {"Vary": "Accept, *"}])
def test_what_nginx_judges_otherwise_than_rfc_9111_is_not_kept(
    gateway: LoneGateway, client: httpx.Client, headers: dict[str, str]
) -> None:
    gateway.products.answer_headers = {"Cache-Control": "max-age=60", **headers}

    for _ in range(2):
        client.get(PRODUCT)

    assert len(gateway.received()) == 2


@pytest.mark.parametrize(("padding", "reached"), [(90_000, 1), (100_000, 2)])
def test_a_large_answer_is_not_kept(gateway: LoneGateway, client: httpx.Client, padding: int, reached: int) -> None:
    gateway.products.answer_padding = padding

    answers = [client.get(PRODUCT) for _ in range(2)]

    assert all(len(answer.content) > padding for answer in answers)
    assert len(gateway.received()) == reached


@pytest.mark.parametrize("value", ["0", "off"])
def test_it_can_be_turned_off(value: str) -> None:
    with lone_gateway(GATEWAY_CACHE_SECONDS=value) as gateway:
        answers = [httpx.get(gateway.public_url + PRODUCT) for _ in range(2)]

        assert len(gateway.received()) == 2
        assert [answer.headers["Cache-Control"] for answer in answers] == [NOT_KEPT, NOT_KEPT]


def test_a_second_may_be_written_without_its_unit() -> None:
    with lone_gateway(GATEWAY_CACHE_SECONDS="1") as gateway:
        until_the_next_second()
        answers = [httpx.get(gateway.public_url + PRODUCT) for _ in range(2)]

        assert len(gateway.received()) == 1
        assert answers[1].headers["Age"] == "0"


def test_the_gateway_does_not_start_with_any_other_time() -> None:
    with (
        pytest.raises(StackError, match='unknown "gateway_cache_5s" variable'),
        lone_gateway(GATEWAY_CACHE_SECONDS="5s"),
    ):
        pass
