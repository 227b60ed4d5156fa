"""Passwords of one account are tried slowly, and a stranger who tries them does not keep the account's clerk out."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from service_kit.admin.models import FREE, PasswordAttempts
from service_kit.testing.admin_pages import text_of
from service_kit.testing.log_lines import LogLines, about
from service_kit.testing.threads import at_once
from tests.world import ADMIN

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PASSWORD = "a long walk by the sea"
LOGIN = f"{ADMIN}login/"
BROWSER = "thing_admin_browser"
pytestmark = pytest.mark.django_db


@pytest.fixture
def anna_and_bob(the_admin: None) -> None:
    for name in ("anna", "bob"):
        User.objects.create_user(name, password=PASSWORD, is_staff=True)


def form(name: str = "anna", password: str = "a guess") -> Mapping[str, str]:  # noqa: S107 - a wrong one
    return {"username": name, "password": password, "next": ADMIN}


def guess(browser: Client, name: str = "anna") -> None:
    """Try wrong passwords until the next attempt has to wait; for a minute, so that a slow machine does not matter."""
    for _ in range(FREE):
        browser.post(LOGIN, form(name), REMOTE_ADDR="192.0.2.7")
    PasswordAttempts.objects.update(next_at=timezone.now() + timedelta(minutes=1))


def gets_in(browser: Client, name: str = "anna") -> bool:
    return browser.post(LOGIN, form(name, PASSWORD)).status_code == 302


def test_each_further_attempt_waits_longer_and_none_longer_than_a_minute() -> None:
    now, waits = NOON, list[float]()
    for _ in range(FREE + 8):
        assert PasswordAttempts.objects.begin("anna", now=now) == 0
        waits.append(PasswordAttempts.objects.begin("anna", now=now) if len(waits) >= FREE - 1 else 0)
        now += timedelta(seconds=waits[-1])

    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_an_attempt_that_has_to_wait_does_not_make_the_wait_longer() -> None:
    for _ in range(FREE):
        PasswordAttempts.objects.begin("anna", now=NOON)

    waits = [PasswordAttempts.objects.begin("anna", now=NOON + timedelta(seconds=0.5)) for _ in range(20)]

    assert waits == [0.5] * 20


def test_attempts_are_forgotten_after_an_hour_without_any_and_their_rows_go() -> None:
    for name in ("anna", "bob", "carl"):
        for _ in range(FREE):
            PasswordAttempts.objects.begin(name, now=NOON)

    PasswordAttempts.objects.begin("anna", now=NOON + timedelta(minutes=61))

    assert PasswordAttempts.objects.get().count == 1


def test_after_wrong_passwords_from_anywhere_a_right_one_has_to_wait_too(anna_and_bob: None, logged: LogLines) -> None:
    guess(Client())

    page = Client().post(LOGIN, form(password=PASSWORD), REMOTE_ADDR="192.0.2.8")

    assert "Too many passwords were tried for this account. Try again in " in text_of(page)
    assert [line["account"] for line in about("too many passwords tried", logged)] == ["admin:anna"]


def test_after_the_wait_the_right_password_opens_and_the_account_begins_anew(anna_and_bob: None) -> None:
    guess(Client())
    assert gets_in(Client(), "bob")  # who is not concerned
    PasswordAttempts.objects.update(next_at=timezone.now())

    assert gets_in(Client())
    assert not PasswordAttempts.objects.exists()


def test_the_clock_of_the_host_decides_nothing(anna_and_bob: None, monkeypatch: pytest.MonkeyPatch) -> None:
    guess(Client())
    tomorrow = timezone.now() + timedelta(days=1)

    monkeypatch.setattr(timezone, "now", lambda: tomorrow)

    assert not gets_in(Client())


def test_a_name_that_is_no_account_waits_alike_and_is_written_nowhere(anna_and_bob: None, logged: LogLines) -> None:
    guess(Client(), name="my secret password")

    page = Client().post(LOGIN, form("my secret password"))

    assert "Too many passwords were tried" in text_of(page)
    assert "my secret password" not in f"{logged}{list(PasswordAttempts.objects.values())}"


def test_a_clerk_gets_in_by_a_known_browser_while_a_stranger_keeps_guessing(anna_and_bob: None) -> None:
    desk = Client()
    assert gets_in(desk)
    guess(Client())

    assert not gets_in(Client())
    assert gets_in(desk)


def test_a_known_browser_that_guesses_waits_too(anna_and_bob: None) -> None:
    desk = Client()
    gets_in(desk)
    guess(desk)

    assert not gets_in(desk)


@pytest.mark.parametrize("of", ["another account", "a forger"])
def test_a_cookie_of_another_account_or_without_a_signature_is_worth_nothing(anna_and_bob: None, of: str) -> None:
    thief = Client()
    if of == "a forger":
        desk = Client()
        gets_in(desk)
        thief.cookies[BROWSER] = desk.cookies[BROWSER].value.replace(".", ".0", 1)
    else:
        gets_in(thief, "bob")
    guess(Client())

    assert not gets_in(thief)


def test_the_right_password_makes_a_browser_known_by_a_cookie_for_this_admin_over_https_and_not_for_scripts(
    anna_and_bob: None,
) -> None:
    desk, stranger = Client(), Client()
    gets_in(desk)
    stranger.post(LOGIN, form())

    cookie = desk.cookies[BROWSER]
    assert all((cookie["secure"], cookie["httponly"], cookie["path"] == ADMIN, cookie["samesite"] == "Lax"))
    assert BROWSER not in stranger.cookies


@pytest.mark.postgresql("many connections at one time")
@pytest.mark.django_db(transaction=True)
def test_attempts_at_one_time_are_no_more_than_those_that_need_not_wait() -> None:
    allowed = list[bool]()

    def attempt() -> None:
        allowed.extend(PasswordAttempts.objects.begin("anna", now=NOON) == 0 for _ in range(5))

    at_once([attempt] * 8)

    assert sum(allowed) <= FREE
