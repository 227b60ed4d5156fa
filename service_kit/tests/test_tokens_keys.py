"""The keys of an issuer: fetched when they are needed and no more often, and rotated while tokens are in use."""

import pytest

from service_kit.auth.keys import KeySet, KeysUnavailable, UnknownKey
from service_kit.testing.identity_provider import Clock, IdentityProvider, named
from service_kit.testing.tokens import SigningKey, key_set

OLD, NEW = SigningKey.ed25519("old"), SigningKey.ed25519("new")


class Fetching:
    """A key set, the provider that it fetches from, and its clock."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.provider = IdentityProvider(OLD)
        self.keys = KeySet(issuer="the issuer", read=self.provider, clock=self.clock)


@pytest.fixture
def fetching() -> Fetching:
    return Fetching()


def test_keys_are_fetched_when_one_is_needed_and_known_ones_not_again(fetching: Fetching) -> None:
    assert fetching.provider.calls == 0

    for _ in range(5):
        assert fetching.keys.find(named("old")).key_id == "old"

    assert fetching.provider.calls == 1


def test_a_new_key_is_found_although_the_old_one_is_still_fresh(fetching: Fetching) -> None:
    fetching.keys.find(named("old"))
    fetching.provider.keys = (OLD, NEW)
    fetching.clock.advance(30)

    found = fetching.keys.find(named("new"))

    assert found.key_id == "new"


def test_unknown_keys_cause_one_fetch_in_thirty_seconds(fetching: Fetching) -> None:
    fetching.keys.find(named("old"))

    for second in range(30):
        with pytest.raises(UnknownKey):
            fetching.keys.find(named(f"made up {second}"))
        fetching.clock.advance(1)

    assert fetching.provider.calls == 1
    with pytest.raises(UnknownKey):
        fetching.keys.find(named("made up"))
    assert fetching.provider.calls == 2


@pytest.mark.parametrize(
    ("is_down", "seconds", "error"),
    [(False, 600, UnknownKey), (True, 3600, KeysUnavailable)],
    ids=["withdrawn", "while the issuer does not answer"],
)
def test_a_known_key_is_accepted_for_a_time(
    fetching: Fetching, is_down: bool, seconds: int, error: type[Exception]
) -> None:
    fetching.keys.find(named("old"))
    fetching.provider.keys, fetching.provider.is_down = (NEW,), is_down

    fetching.clock.advance(seconds - 1)
    assert fetching.keys.find(named("old")).key_id == "old"
    fetching.clock.advance(1)
    with pytest.raises(error):
        fetching.keys.find(named("old"))


def test_an_unknown_key_is_unavailable_if_the_last_fetch_failed(fetching: Fetching) -> None:
    fetching.keys.find(named("old"))
    fetching.provider.is_down = True
    fetching.clock.advance(30)

    for _ in range(3):
        with pytest.raises(KeysUnavailable):
            fetching.keys.find(named("new"))

    assert fetching.provider.calls == 2


def test_a_failed_fetch_is_repeated_after_five_seconds_and_not_before(fetching: Fetching) -> None:
    fetching.provider.is_down = True
    with pytest.raises(KeysUnavailable):
        fetching.keys.find(named("old"))
    fetching.provider.is_down = False
    fetching.clock.advance(4.9)
    with pytest.raises(KeysUnavailable):
        fetching.keys.find(named("old"))
    fetching.clock.advance(0.1)

    assert fetching.keys.find(named("old")).key_id == "old"


def test_a_document_that_is_no_key_set_leaves_the_keys_as_they_are() -> None:
    clock, answers = Clock(), [key_set(OLD.public_jwk()), b"<html>maintenance</html>"]
    keys = KeySet(issuer="the issuer", read=lambda: answers.pop(0), clock=clock)
    keys.find(named("old"))
    clock.advance(600)

    assert keys.find(named("old")).key_id == "old"
    assert answers == []
