"""The start of this service: what it needs beside what every service needs."""

from pathlib import Path

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


def test_the_api_and_the_admin_are_fit_for_production() -> None:
    api, admin = (
        SERVICE.check_for_production(**SERVICE.enough, DJANGO_SETTINGS_MODULE=settings)
        for settings in ("config.settings", "config.admin_settings")
    )

    assert (api.returncode, admin.returncode) == (0, 0), (api.stderr, admin.stderr)
    assert "no issues" in api.stdout
    assert "no issues" in admin.stdout
