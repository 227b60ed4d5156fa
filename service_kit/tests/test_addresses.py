"""DATABASE_URL: whatever it says reaches PostgreSQL, or is refused with a sentence."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from service_kit.database.addresses import parse_address
from service_kit.database.connections import connection_settings


def settings_of(url: str, *, pooler: bool = False) -> dict[str, Any]:
    return connection_settings(parse_address(url), lock_timeout_ms=500, statement_timeout_ms=700, pooler=pooler)


def options_of(url: str) -> dict[str, Any]:
    options: dict[str, Any] = settings_of(url)["OPTIONS"]
    return options


def test_several_hosts_keep_their_ports() -> None:
    settings = settings_of("postgresql://shop:secret@db1:5432,db2:5433/orders")

    assert [settings[name] for name in ("HOST", "PORT", "NAME")] == ["db1,db2", "5432,5433", "orders"]


@pytest.mark.parametrize("password", ["p%40ss%2Fword", "p@ss%2Fword"])
def test_a_password_may_have_special_characters(password: str) -> None:
    settings = settings_of(f"postgresql://shop:{password}@db/orders")

    assert (settings["USER"], settings["PASSWORD"], settings["HOST"]) == ("shop", "p@ss/word", "db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "pgsql"])
def test_a_socket_may_be_named_as_the_host(scheme: str) -> None:
    settings = settings_of(f"{scheme}:///orders?host=/run/postgresql&user=shop")

    assert (settings["HOST"], settings["USER"]) == ("/run/postgresql", "shop")


def test_a_server_that_vanished_or_only_reads_is_given_up_by_default() -> None:
    options = options_of("postgresql://db/orders")

    assert options["target_session_attrs"] == "read-write"
    assert int(options["tcp_user_timeout"]) == 3000
    assert (options["keepalives_idle"], options["keepalives_interval"], options["connect_timeout"]) == (2, 1, 2)


def test_the_address_comes_before_the_defaults() -> None:
    options = options_of("postgresql://db/orders?target_session_attrs=any&tcp_user_timeout=0&connect_timeout=9")

    named = ("target_session_attrs", "tcp_user_timeout", "connect_timeout")
    assert [options[name] for name in named] == ["any", "0", "9"]


def test_its_options_are_added_to_the_timeouts_and_come_last() -> None:
    options = options_of("postgresql://db/orders?options=-c%20search_path%3Dshop%20-c%20lock_timeout%3D9")["options"]

    assert options.startswith("-c lock_timeout=500 -c statement_timeout=700 ")
    assert options.endswith(" -c search_path=shop -c lock_timeout=9")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (
            "postgresql://u:secret@db/orders?currentSchema=x",
            'DATABASE_URL: invalid URI query parameter: "currentSchema".',
        ),
        ("postgresql://u:secret@[::1/orders", "DATABASE_URL: it is no valid address; are special characters in it"),
        ("postgresql://u:secret%zz@db/orders", "DATABASE_URL: it is no valid address; are special characters in it"),
        ("mysql://u:secret@db/orders", "DATABASE_URL must begin with postgresql:// or sqlite://."),
    ],
)
def test_what_cannot_be_honoured_is_refused_without_showing_the_password(url: str, reason: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        parse_address(url)

    assert str(refused.value).startswith(reason)
    assert "secret" not in str(refused.value)


def test_behind_a_pooler_nothing_depends_on_a_session() -> None:
    settings = settings_of("postgresql://db/orders", pooler=True)

    assert settings["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert "options" not in settings["OPTIONS"]


def test_behind_a_pooler_options_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="options are set at the role"):
        settings_of("postgresql://db/orders?options=-c%20search_path%3Dshop", pooler=True)


def test_the_parameters_of_sqlite_are_honoured() -> None:
    settings = settings_of("sqlite:////srv/shop.sqlite3?timeout=9")

    assert (settings["NAME"], settings["OPTIONS"]["timeout"]) == ("/srv/shop.sqlite3", 9)
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
