"""What is compressed: the catalogue's list for whoever shows no token, and the documentation. Nothing with a token."""

from collections.abc import Iterator

import httpx
import pytest

from gateway.lone_gateway import LoneGateway, lone_gateway

LIST, PRODUCT, ORDERS = "/api/v1/products/", "/api/v1/products/7/", "/api/v1/orders/"
TOKEN = {"Authorization": "Bearer abc"}
PADDING = 30_000


@pytest.fixture(scope="module")
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway() as running:
        for service in (running.products, running.orders):
            service.answer_padding = PADDING
            service.answer_headers = {"ETag": '"the-tag"'}
        yield running


def ask(gateway: LoneGateway, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.get(gateway.public_url + path, headers={"Accept-Encoding": "gzip", **(headers or {})})


def test_a_list_without_a_token_is_compressed(gateway: LoneGateway) -> None:
    answer = ask(gateway, LIST)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.num_bytes_downloaded < PADDING / 10
    assert answer.json()["path"] == LIST


@pytest.mark.parametrize("encoding", ["identity", "br", "gzip;q=0"])
def test_who_does_not_take_it_gets_it_as_it_is(gateway: LoneGateway, encoding: str) -> None:
    answer = ask(gateway, LIST, {"Accept-Encoding": encoding})

    assert "Content-Encoding" not in answer.headers
    assert answer.headers["ETag"] == '"the-tag"'


@pytest.mark.parametrize(
    ("path", "headers"), [(LIST, TOKEN), (PRODUCT, TOKEN), (ORDERS, TOKEN), (ORDERS, {}), (PRODUCT, {})]
)
def test_an_answer_to_a_token_is_not_nor_one_whose_tag_a_change_may_need(
    gateway: LoneGateway, path: str, headers: dict[str, str]
) -> None:
    answer = ask(gateway, path, headers)

    assert "Content-Encoding" not in answer.headers
    assert answer.headers["ETag"] == '"the-tag"'


def test_a_compressed_answer_has_a_weak_tag_by_which_it_is_known_again(gateway: LoneGateway) -> None:
    tag = ask(gateway, LIST).headers["ETag"]

    again = ask(gateway, LIST, {"If-None-Match": tag})

    assert (tag, again.status_code) == ('W/"the-tag"', 304)


@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "identity"}, {"If-None-Match": '"the-tag"'}])
@pytest.mark.parametrize("path", [LIST, f"{LIST}?name=lamp"])
def test_every_answer_about_the_list_says_that_it_depends_on_it(
    gateway: LoneGateway, path: str, headers: dict[str, str]
) -> None:
    assert ask(gateway, path, headers).headers.get_list("Vary") == ["Authorization, Accept-Encoding"]


@pytest.mark.parametrize(
    "path", ["/docs/", "/docs/docs.js", "/docs/product_service.yaml", "/docs/swagger-ui-bundle.js"]
)
def test_the_documentation_says_so_even_in_a_304(gateway: LoneGateway, path: str) -> None:
    whole = ask(gateway, path)

    again = ask(gateway, path, {"If-None-Match": whole.headers["ETag"]})

    assert [answer.headers.get_list("Vary") for answer in (whole, again)] == [["Accept-Encoding"]] * 2
