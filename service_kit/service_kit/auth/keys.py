"""The public keys of one issuer, cached in memory and refreshed."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from jwt import PyJWK

from service_kit.auth.jwks import KeySetUnusable, parse_key_set

REFRESH_SECONDS: Final = 600.0  # a withdrawn key is accepted no longer than this
STALE_SECONDS: Final = 3600.0  # ... but while the issuer does not answer, known keys stay usable this long
COOL_DOWN_SECONDS: Final = 30.0  # after a success, before an unknown key causes another fetch
RETRY_SECONDS: Final = 5.0  # after a failure
WAIT_SECONDS: Final = 1.0  # for another thread's fetch, when no known key matches

log = structlog.get_logger(__name__)


class UnknownKey(Exception):
    """The issuer publishes no such key."""


class KeysUnavailable(Exception):
    """Whether the issuer publishes such a key is unknown: its key set cannot be fetched now."""


class KeySet:
    """
    The keys of one issuer. Thread-safe.

    One thread at a time fetches the key set. Meanwhile the others use the keys that are cached; a thread for which none
    matches waits for at most a second, so that an issuer that hangs blocks one thread and not all of them.
    """

    def __init__(self, *, issuer: str, read: Callable[[], bytes], clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._read = read
        self._clock = clock
        self._fetching = threading.Lock()
        self._keys: Sequence[PyJWK] = ()  # replaced as a whole, so that a search needs no lock
        self._read_at = float("-inf")
        self._next_try_at = float("-inf")
        self._last_try_succeeded = False  # False from the beginning of a fetch until it has succeeded

    def find(self, matches: Callable[[PyJWK], bool]) -> PyJWK:
        """
        Return the first key that matches, fetching the key set first if it is old or no cached key matches.

        :raises UnknownKey: if the issuer publishes no such key.
        :raises KeysUnavailable: if that is unknown: the key set was never fetched, or the last fetch failed.
        """
        key = self._search(matches)
        if key is not None and self._age() < REFRESH_SECONDS:
            return key

        self._refresh(wait=WAIT_SECONDS if key is None else 0.0)

        if self._age() >= STALE_SECONDS:
            raise KeysUnavailable
        key = self._search(matches)
        if key is not None:
            return key
        if not self._last_try_succeeded:
            raise KeysUnavailable
        raise UnknownKey

    def _search(self, matches: Callable[[PyJWK], bool]) -> PyJWK | None:
        return next((key for key in self._keys if matches(key)), None)

    def _age(self) -> float:
        return self._clock() - self._read_at

    def _may_try(self) -> bool:
        return self._clock() >= self._next_try_at

    def _refresh(self, *, wait: float) -> None:
        if not self._may_try() or not self._fetching.acquire(timeout=wait):
            return
        try:
            if self._may_try():  # not if another thread has just fetched it
                self._last_try_succeeded = False
                self._load()
        finally:
            self._fetching.release()

    def _load(self) -> None:
        try:
            keys = parse_key_set(self._read())
        except KeySetUnusable as error:
            self._next_try_at = self._clock() + RETRY_SECONDS
            log.warning("keys_not_refreshed", issuer=self._issuer, reason=str(error), usable_keys=len(self._keys))
            return
        self._keys = keys
        self._read_at = self._clock()
        self._next_try_at = self._read_at + COOL_DOWN_SECONDS
        self._last_try_succeeded = True
        log.info("keys_refreshed", issuer=self._issuer, usable_keys=len(keys))
