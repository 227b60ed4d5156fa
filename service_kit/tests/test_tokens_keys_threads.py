"""Many threads that need an issuer's keys: one asks, and a provider that hangs does not stop the others."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from service_kit.auth.keys import KeySet, KeysUnavailable, UnknownKey
from service_kit.testing.identity_provider import Clock, IdentityProvider
from service_kit.testing.tokens import SigningKey

OLD = SigningKey.ed25519("old")


class SlowProvider:
    """Answers only when it is told to."""

    def __init__(self, answer: Callable[[], bytes]) -> None:
        self.answer = answer
        self.is_asked = threading.Event()
        self.may_answer = threading.Event()

    def __call__(self) -> bytes:
        self.is_asked.set()
        assert self.may_answer.wait(timeout=10)
        return self.answer()


def test_threads_that_need_the_same_keys_ask_once() -> None:
    provider = IdentityProvider(OLD)
    slow = SlowProvider(provider)
    keys = KeySet(issuer="the issuer", read=slow)
    with ThreadPoolExecutor(8) as threads:
        searches = [threads.submit(keys.find, "old") for _ in range(8)]
        assert slow.is_asked.wait(timeout=10)

        slow.may_answer.set()

        assert {search.result().key_id for search in searches} == {"old"}
    assert provider.calls == 1


def test_while_one_thread_asks_the_others_go_on_with_the_keys_that_they_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service_kit.auth.keys.WAIT_SECONDS", 60)  # far longer than the provider takes
    clock, provider = Clock(), IdentityProvider(OLD)
    slow = SlowProvider(provider)
    slow.may_answer.set()
    keys = KeySet(issuer="the issuer", read=slow, clock=clock)
    keys.find("old")
    clock.turn(600)
    slow.may_answer.clear()
    slow.is_asked.clear()
    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(keys.find, "old")
        assert slow.is_asked.wait(timeout=10)

        assert keys.find("old").key_id == "old"

        assert not asking.done()
        slow.may_answer.set()


def test_who_waits_for_a_provider_that_hangs_is_told_that_nobody_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service_kit.auth.keys.WAIT_SECONDS", 0.01)
    clock, provider = Clock(), IdentityProvider(OLD)
    slow = SlowProvider(provider)
    slow.may_answer.set()
    keys = KeySet(issuer="the issuer", read=slow, clock=clock)
    keys.find("old")
    clock.turn(30)
    slow.may_answer.clear()
    slow.is_asked.clear()
    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(keys.find, "new")
        assert slow.is_asked.wait(timeout=10)

        with pytest.raises(KeysUnavailable):
            keys.find("new")

        slow.may_answer.set()
        assert isinstance(asking.exception(timeout=10), UnknownKey)
