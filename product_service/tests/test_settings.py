"""The start of this service: what it needs beside what every service needs."""

from pathlib import Path

import pytest

from service_kit.testing.starting import Starting

SERVICE = Starting(Path(__file__).parent.parent, {"AUTH_SERVICE_JWKS": "keys-of-the-order-service.json"})


def test_without_the_keys_of_the_order_service_it_refuses_to_start_and_names_them() -> None:
    refused = SERVICE.start(**SERVICE.without("AUTH_SERVICE_JWKS"))

    assert refused.returncode != 0
    assert "AUTH_SERVICE_JWKS" in refused.stderr.splitlines()[-1]


def test_a_retention_within_which_a_message_or_a_key_may_come_is_refused() -> None:
    refused = SERVICE.start(**SERVICE.enough, RETENTION_HOURS="71")

    assert refused.returncode != 0
    assert "RETENTION_HOURS" in refused.stderr


@pytest.mark.parametrize("settings", ["config.settings", "config.admin_settings"])
def test_it_is_fit_for_production(settings: str) -> None:
    checked = SERVICE.check_for_production(**SERVICE.enough, DJANGO_SETTINGS_MODULE=settings)

    assert (checked.returncode, "no issues" in checked.stdout) == (0, True), checked.stderr
