"""Where key sets are read from: the file or URL of the settings, and no other."""

import email
import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from urllib.request import BaseHandler, Request
from urllib.response import addinfourl

import pytest
from pytest_django import Settings

from service_kit.auth.jwks import KeySetUnusable
from service_kit.auth.key_sources import direct_opener, key_set_reader
from service_kit.testing.identity_provider import call_view
from service_kit.testing.tokens import USERS, key_set

URL = "https://issuer.test/jwks"


def test_a_key_set_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_bytes(b"what is in it")

    assert key_set_reader(str(file), user_agent="shop/1.2")() == b"what is in it"


def test_a_file_that_is_not_there_is_an_unusable_key_set(tmp_path: Path) -> None:
    read = key_set_reader(str(tmp_path / "missing.json"), user_agent="shop/1.2")

    with pytest.raises(KeySetUnusable, match="cannot be read"):
        read()


class Web(BaseHandler):
    """Responds in place of the network, and keeps the requests."""

    def __init__(self, answer: Callable[[], addinfourl]) -> None:
        self.answer = answer
        self.requests: list[Request] = []

    def https_open(self, request: Request) -> addinfourl:
        self.requests.append(request)
        return self.answer()

    http_open = https_open


class Body(BytesIO):
    """A body that arrives in pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self.pieces = pieces

    def read1(self, size: int | None = -1, /) -> bytes:
        return next(self.pieces, b"")


def page(status: int, *body: bytes, pieces: Iterator[bytes] | None = None, headers: str = "") -> addinfourl:
    answer = addinfourl(Body(pieces or iter(body)), email.message_from_string(headers), URL, status)
    answer.msg = "its reason"  # type: ignore[attr-defined] # urllib's own handlers set it as well
    return answer


def read_from(web: Web, url: str = URL, *, proxy: str = "") -> bytes:
    return key_set_reader(url, user_agent="shop/1.2", proxy=proxy, opener=direct_opener(web))()


def test_a_key_set_is_read_from_a_url_by_a_request_that_names_the_product_and_its_version() -> None:
    web = Web(lambda: page(200, b'{"keys"', b": []}"))

    assert json.loads(read_from(web)) == {"keys": []}
    [request] = web.requests
    assert (request.full_url, request.timeout, request.get_header("User-agent")) == (URL, 1.0, "shop/1.2")


def test_the_scheme_of_a_url_may_be_in_upper_case() -> None:
    assert read_from(Web(lambda: page(200, b"keys")), URL.replace("http", "HTTP", 1)) == b"keys"


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 429, 500, 503])
def test_a_redirect_is_not_followed_and_an_error_is_no_answer(status: int) -> None:
    web = Web(lambda: page(status, b"{}", headers="Location: https://thief.test/jwks\n\n"))

    with pytest.raises(KeySetUnusable):
        read_from(web)

    assert len(web.requests) == 1


@pytest.mark.parametrize("failure", [TimeoutError(), ConnectionRefusedError(), OSError("no route"), ValueError("port")])
def test_a_network_that_fails_is_an_unusable_key_set(failure: Exception) -> None:
    def fail() -> addinfourl:
        raise failure

    with pytest.raises(KeySetUnusable):
        read_from(Web(fail))


def test_an_endless_response_is_abandoned() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 1000

    web = Web(lambda: page(200, pieces=endless()))

    with pytest.raises(KeySetUnusable, match="larger than"):
        read_from(web)


def test_a_slow_response_is_abandoned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service_kit.auth.key_sources.READ_DEADLINE_SECONDS", 0.0)
    web = Web(lambda: page(200, b"{", b"}"))

    with pytest.raises(KeySetUnusable, match="took longer"):
        read_from(web)


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://thief.test:3128")
    web = Web(lambda: page(200, b"{}"))

    read_from(web)

    assert web.requests[0].host == "issuer.test"


@pytest.mark.parametrize(
    ("user", "authorization"),
    [("", None), ("shop:p%40ss@", f"Basic {b64encode(b'shop:p@ss').decode()}")],
    ids=["to whom nobody logs in", "that gets the user and the password of its URL"],
)
def test_a_url_with_https_is_read_through_a_tunnel_of_the_proxy(
    monkeypatch: pytest.MonkeyPatch, user: str, authorization: str | None
) -> None:
    monkeypatch.setenv("no_proxy", "*")  # the setting is more definite than the environment
    web = Web(lambda: page(200, b"{}"))

    read_from(web, proxy=f"http://{user}proxy.test:3128")

    [request] = web.requests
    assert (request.type, request.host, request._tunnel_host) == ("https", "proxy.test:3128", "issuer.test")  # type: ignore[attr-defined] # noqa: SLF001
    assert request.get_header("Proxy-authorization") == authorization


def test_a_url_with_http_is_requested_from_the_proxy() -> None:
    web = Web(lambda: page(200, b"{}"))

    read_from(web, "http://issuer.test/jwks", proxy="http://proxy.test:3128")

    [request] = web.requests
    assert (request.host, request.selector) == ("proxy.test:3128", "http://issuer.test/jwks")


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://thief.test/jwks", "data:,%7B%7D", "gopher://x"])
def test_nothing_but_http_is_opened(address: str) -> None:
    with pytest.raises(KeySetUnusable, match="cannot be read"):
        key_set_reader(address, user_agent="shop/1.2")()


def test_a_service_fetches_keys_by_its_own_name_and_version_and_through_the_issuers_proxy(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    users = replace(settings.USERS_ISSUER, jwks=URL, jwks_proxy="http://proxy.test:3128")
    settings.TRUSTED_ISSUERS, settings.VERSION = [users], "1.2"
    web = Web(lambda: page(200, key_set(USERS.key.public_jwk())))
    monkeypatch.setattr("service_kit.auth.key_sources.direct_opener", lambda: direct_opener(web))

    answer = call_view(USERS.token("customer"))

    assert answer.status_code == 200
    [request] = web.requests
    assert (request.get_header("User-agent"), request.host) == ("sample_service/1.2", "proxy.test:3128")
