"""The keys of an issuer: read when needed, exchanged while tokens are in use, and asked for no more than needed."""

import pytest

from service_kit.auth.keys import KeySet, KeysUnavailable, UnknownKey
from service_kit.testing.identity_provider import Clock, IdentityProvider
from service_kit.testing.tokens import SigningKey, key_set

OLD, NEW = SigningKey.ed25519("old"), SigningKey.ed25519("new")


class Asking:
    """A key set, whom it asks, and the clock that it looks at."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.provider = IdentityProvider(OLD)
        self.keys = KeySet(issuer="the issuer", read=self.provider, clock=self.clock)


@pytest.fixture
def asking() -> Asking:
    return Asking()


def test_nothing_is_asked_before_a_key_is_needed(asking: Asking) -> None:
    assert asking.provider.calls == 0


def test_a_known_key_is_found_without_asking_again(asking: Asking) -> None:
    for _ in range(5):
        assert asking.keys.find("old").key_id == "old"

    assert asking.provider.calls == 1


def test_a_new_key_is_found_although_the_old_one_is_still_fresh(asking: Asking) -> None:
    asking.keys.find("old")
    asking.provider.keys = (OLD, NEW)
    asking.clock.turn(30)

    found = asking.keys.find("new")

    assert found.key_id == "new"


def test_unknown_keys_are_asked_for_once_in_thirty_seconds(asking: Asking) -> None:
    asking.keys.find("old")

    for second in range(30):
        with pytest.raises(UnknownKey):
            asking.keys.find(f"made up {second}")
        asking.clock.turn(1)

    assert asking.provider.calls == 1
    with pytest.raises(UnknownKey):
        asking.keys.find("made up")
    assert asking.provider.calls == 2


def test_a_withdrawn_key_is_believed_for_ten_minutes_at_most(asking: Asking) -> None:
    asking.keys.find("old")
    asking.provider.keys = (NEW,)
    asking.clock.turn(599)
    assert asking.keys.find("old").key_id == "old"
    asking.clock.turn(1)

    with pytest.raises(UnknownKey):
        asking.keys.find("old")


def test_known_keys_stay_usable_for_an_hour_while_the_issuer_does_not_answer(asking: Asking) -> None:
    asking.keys.find("old")
    asking.provider.is_down = True
    asking.clock.turn(3599)
    assert asking.keys.find("old").key_id == "old"
    asking.clock.turn(1)

    with pytest.raises(KeysUnavailable):
        asking.keys.find("old")


def test_nobody_can_tell_about_a_key_when_nothing_was_ever_read(asking: Asking) -> None:
    asking.provider.is_down = True

    with pytest.raises(KeysUnavailable):
        asking.keys.find("old")


def test_nobody_can_tell_about_an_unknown_key_when_the_last_try_failed(asking: Asking) -> None:
    asking.keys.find("old")
    asking.provider.is_down = True
    asking.clock.turn(30)

    for _ in range(3):
        with pytest.raises(KeysUnavailable):
            asking.keys.find("new")

    assert asking.provider.calls == 2


def test_a_failed_try_is_repeated_after_five_seconds_and_not_before(asking: Asking) -> None:
    asking.provider.is_down = True
    with pytest.raises(KeysUnavailable):
        asking.keys.find("old")
    asking.provider.is_down = False
    asking.clock.turn(4.9)
    with pytest.raises(KeysUnavailable):
        asking.keys.find("old")
    asking.clock.turn(0.1)

    assert asking.keys.find("old").key_id == "old"


def test_what_is_no_key_set_counts_as_no_answer_and_leaves_the_keys_as_they_are() -> None:
    clock, answers = Clock(), [key_set(OLD.public_jwk()), b"<html>maintenance</html>"]
    keys = KeySet(issuer="the issuer", read=lambda: answers.pop(0), clock=clock)
    keys.find("old")
    clock.turn(600)

    assert keys.find("old").key_id == "old"
    assert answers == []
