"""The start of this service: what it needs beside what every service needs."""

import json
from pathlib import Path

import pytest

from service_kit.testing.starting import Starting
from service_kit.testing.tokens import SigningKey

KEY = json.dumps(SigningKey.ed25519("order-service-1").private_jwk())
SERVICE = Starting(Path(__file__).parent.parent, {"SERVICE_TOKEN_KEY": KEY})


PUBLIC = json.dumps(SigningKey.ed25519("order-service-1").public_jwk())


@pytest.mark.parametrize("key", ["", PUBLIC])
def test_without_a_key_that_can_sign_it_refuses_to_start_and_does_not_show_it(key: str) -> None:
    refused = SERVICE.start(**{**SERVICE.enough, "SERVICE_TOKEN_KEY": key})

    assert refused.returncode != 0
    last = refused.stderr.splitlines()[-1]
    assert "SERVICE_TOKEN_KEY" in last
    assert not key or key not in last


def test_its_key_may_be_in_a_file_with_a_newline_at_its_end(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")

    started = SERVICE.start(
        "SERVICE_TOKEN_KEY", **SERVICE.without("SERVICE_TOKEN_KEY"), SERVICE_TOKEN_KEY_FILE=str(file)
    )

    assert (started.returncode, started.stdout) == (0, f"{KEY}\n")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRODUCTS_PLACES", "0"),
        ("RETENTION_HOURS", "71"),  # less than a message or a key may take to come
        ("RETENTION_HOURS", "9" * 12),  # no database reckons with such times and numbers
        ("EVENT_RETENTION_HOURS", "9" * 12),
        ("CANCEL_PENDING_AFTER", "1e12"),
        ("CANCEL_PENDING_AFTER", "nan"),
        ("AUDIT_INTERVAL", "1e12"),
        ("ORDERS_OPEN_PER_OWNER_MAX", "9" * 20),
        ("PRODUCTS_URL", "product_service:8081"),
        *(("PRODUCTS_URL", f"http://{rest}") for rest in ("product service", "products:port", "[::1", "products?")),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_and_its_variable_named(name: str, value: str) -> None:
    refused = SERVICE.start(**SERVICE.enough, **{name: value})

    assert refused.returncode != 0
    assert name in refused.stderr


def test_some_threads_never_wait_for_products() -> None:
    started = SERVICE.start("PRODUCTS_PLACES", **SERVICE.enough, WEB_THREADS="32")

    assert 0 < int(started.stdout) < 32


@pytest.mark.parametrize("settings", ["config.settings", "config.admin_settings"])
def test_it_is_fit_for_production(settings: str) -> None:
    checked = SERVICE.check_for_production(**SERVICE.enough, DJANGO_SETTINGS_MODULE=settings)

    assert (checked.returncode, "no issues" in checked.stdout) == (0, True), checked.stderr
