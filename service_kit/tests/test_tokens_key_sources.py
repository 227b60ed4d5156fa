"""Where key sets are read from: a file or an address, and no address that somebody else chose."""

import email
import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from urllib.request import BaseHandler, Request
from urllib.response import addinfourl

import pytest

from service_kit.auth.jwks import KeySetUnusable, direct_opener, key_set_reader

URL = "https://issuer.test/jwks"


def test_a_key_set_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_bytes(b"what is in it")

    assert key_set_reader(str(file))() == b"what is in it"


def test_a_file_that_is_not_there_is_an_unusable_key_set(tmp_path: Path) -> None:
    read = key_set_reader(str(tmp_path / "missing.json"))

    with pytest.raises(KeySetUnusable, match="cannot be read"):
        read()


class Web(BaseHandler):
    """Answers in place of the network, and keeps what it was asked."""

    def __init__(self, answer: Callable[[], addinfourl]) -> None:
        self.answer = answer
        self.asked: list[Request] = []

    def https_open(self, request: Request) -> addinfourl:
        self.asked.append(request)
        return self.answer()


class Body(BytesIO):
    """Comes in pieces, after each of which something may happen."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self.pieces = pieces

    def read1(self, size: int | None = -1, /) -> bytes:
        return next(self.pieces, b"")


def page(status: int, *body: bytes, pieces: Iterator[bytes] | None = None, headers: str = "") -> addinfourl:
    answer = addinfourl(Body(pieces or iter(body)), email.message_from_string(headers), URL, status)
    answer.msg = "its reason"  # type: ignore[attr-defined] # urllib's own handlers set it as well
    return answer


def read_from(web: Web) -> bytes:
    return key_set_reader(URL, opener=direct_opener(web))()


def test_a_key_set_is_read_from_an_address() -> None:
    web = Web(lambda: page(200, b'{"keys"', b": []}"))

    assert json.loads(read_from(web)) == {"keys": []}
    assert [(request.full_url, request.timeout) for request in web.asked] == [(URL, 1.0)]


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 429, 500, 503])
def test_a_redirect_is_not_followed_and_an_error_is_no_answer(status: int) -> None:
    web = Web(lambda: page(status, b"{}", headers="Location: https://thief.test/jwks\n\n"))

    with pytest.raises(KeySetUnusable):
        read_from(web)

    assert len(web.asked) == 1


@pytest.mark.parametrize("failure", [TimeoutError(), ConnectionRefusedError(), OSError("no route"), ValueError("port")])
def test_a_network_that_fails_is_an_unusable_key_set(failure: Exception) -> None:
    def fail() -> addinfourl:
        raise failure

    with pytest.raises(KeySetUnusable):
        read_from(Web(fail))


def test_an_answer_that_does_not_end_is_given_up() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 1000

    web = Web(lambda: page(200, pieces=endless()))

    with pytest.raises(KeySetUnusable, match="larger than"):
        read_from(web)


def test_an_answer_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service_kit.auth.jwks.READ_DEADLINE_SECONDS", 0.0)
    web = Web(lambda: page(200, b"{", b"}"))

    with pytest.raises(KeySetUnusable, match="took longer"):
        read_from(web)


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://thief.test:3128")
    web = Web(lambda: page(200, b"{}"))

    read_from(web)

    assert web.asked[0].host == "issuer.test"


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://thief.test/jwks", "data:,%7B%7D", "gopher://x"])
def test_nothing_but_http_is_opened(address: str) -> None:
    with pytest.raises(KeySetUnusable, match="cannot be read"):
        key_set_reader(address)()
