"""The public keys of one issuer, kept in memory and refreshed."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

import structlog
from jwt import PyJWK

from service_kit.auth.jwks import KeySetUnusable, parse_key_set

REFRESH_SECONDS: Final = 600.0  # a key that was withdrawn is believed no longer than this
STALE_SECONDS: Final = 3600.0  # ... but while the issuer does not answer, known keys stay usable this long
COOL_DOWN_SECONDS: Final = 30.0  # after a success, before an unknown `kid` is worth another look
RETRY_SECONDS: Final = 5.0  # after a failure
WAIT_SECONDS: Final = 1.0  # for another thread that is reading, when the key is not known yet

log = structlog.get_logger(__name__)


class UnknownKey(Exception):
    """The issuer publishes no such key."""


class KeysUnavailable(Exception):
    """Whether the issuer publishes such a key cannot be known now."""


class KeySet:
    """
    The keys of one issuer, by `kid`.

    Any number of threads may ask. One at a time reads; the others go on with the keys that they have, and who has not
    got the right one waits for it, but not for long: an issuer that hangs costs one thread, not all of them.
    """

    def __init__(self, *, issuer: str, read: Callable[[], bytes], clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._read = read
        self._clock = clock
        self._reading = threading.Lock()
        self._keys: Mapping[str, PyJWK] = {}  # replaced as a whole, so that looking a key up needs no lock
        self._read_at = float("-inf")
        self._next_try_at = float("-inf")
        self._is_in_doubt = True  # from the beginning of a try until it has succeeded

    def find(self, kid: str) -> PyJWK:
        """
        Return the key named `kid`, reading the key set first if it is old or has no such key.

        :raises UnknownKey: if the issuer publishes no such key.
        :raises KeysUnavailable: if that cannot be known: nothing was ever read, or the last try failed.
        """
        key = self._keys.get(kid)
        if key is not None and self._age() < REFRESH_SECONDS:
            return key

        self._refresh(wait=WAIT_SECONDS if key is None else 0.0)

        if self._age() >= STALE_SECONDS:
            raise KeysUnavailable
        key = self._keys.get(kid)
        if key is not None:
            return key
        if self._is_in_doubt:
            raise KeysUnavailable
        raise UnknownKey

    def _age(self) -> float:
        return self._clock() - self._read_at

    def _may_try(self) -> bool:
        return self._clock() >= self._next_try_at

    def _refresh(self, *, wait: float) -> None:
        if not self._may_try() or not self._reading.acquire(timeout=wait):
            return
        try:
            if self._may_try():  # not if somebody else has just done it
                self._is_in_doubt = True
                self._load()
        finally:
            self._reading.release()

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
        self._is_in_doubt = False
        log.info("keys_refreshed", issuer=self._issuer, usable_keys=len(keys))
