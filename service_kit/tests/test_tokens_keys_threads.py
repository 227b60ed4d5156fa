"""Many threads that need an issuer's keys: one fetches them, and a provider that hangs does not block the others."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from service_kit.auth.keys import KeySet, KeysUnavailable, UnknownKey
from service_kit.testing.identity_provider import Clock, IdentityProvider, named
from service_kit.testing.tokens import SigningKey

OLD = SigningKey.ed25519("old")
WAIT = "service_kit.auth.keys.WAIT_SECONDS"


class SlowProvider:
    """Responds only when the test allows it."""

    def __init__(self, answer: Callable[[], bytes]) -> None:
        self.answer = answer
        self.was_called = threading.Event()
        self.may_respond = threading.Event()

    def __call__(self) -> bytes:
        self.was_called.set()
        assert self.may_respond.wait(timeout=10)
        return self.answer()


def test_threads_that_need_the_same_keys_fetch_them_once() -> None:
    provider = IdentityProvider(OLD)
    slow = SlowProvider(provider)
    keys = KeySet(issuer="the issuer", read=slow)
    with ThreadPoolExecutor(8) as threads:
        searches = [threads.submit(keys.find, named("old")) for _ in range(8)]
        assert slow.was_called.wait(timeout=10)

        slow.may_respond.set()

        assert {search.result().key_id for search in searches} == {"old"}
    assert provider.calls == 1


def provider_that_hangs_after(seconds: float) -> tuple[KeySet, SlowProvider]:
    """Return a key set that has fetched its keys, which are that old now, and its provider."""
    clock, slow = Clock(), SlowProvider(IdentityProvider(OLD))
    slow.may_respond.set()
    keys = KeySet(issuer="the issuer", read=slow, clock=clock)
    keys.find(named("old"))
    clock.advance(seconds)
    slow.may_respond.clear()
    slow.was_called.clear()
    return keys, slow


def test_while_one_thread_fetches_the_others_use_the_cached_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WAIT, 60)  # far longer than the provider takes
    keys, slow = provider_that_hangs_after(600)

    with ThreadPoolExecutor(1) as threads:
        fetching = threads.submit(keys.find, named("old"))
        assert slow.was_called.wait(timeout=10)
        assert keys.find(named("old")).key_id == "old"
        assert not fetching.done()
        slow.may_respond.set()


def test_a_thread_that_waits_for_a_provider_that_hangs_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WAIT, 0.01)
    keys, slow = provider_that_hangs_after(30)

    with ThreadPoolExecutor(1) as threads:
        fetching = threads.submit(keys.find, named("new"))
        assert slow.was_called.wait(timeout=10)
        with pytest.raises(KeysUnavailable):
            keys.find(named("new"))
        slow.may_respond.set()
        assert isinstance(fetching.exception(timeout=10), UnknownKey)
