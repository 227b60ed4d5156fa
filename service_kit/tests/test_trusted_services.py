"""The services that the environment lists as trusted: each with its own key set and scopes, and no others."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from service_kit.auth.issuers import Issuer
from service_kit.settings.services import trusted_services
from service_kit.testing.identity_provider import call_view
from service_kit.testing.tokens import USERS, publish

SCOPES = frozenset({"things:count", "things:name"})


def test_each_variable_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_SERVICE_SHIPPING_SERVICE", "/keys/shipping.json things:count")
    monkeypatch.setenv("TRUSTED_SERVICE_INVOICES", "https://keys.test/ things:name things:count")

    rows = trusted_services(audience="sample_service", scopes=SCOPES)

    assert rows == [
        Issuer(name="invoices", audience="sample_service", jwks="https://keys.test/", scopes=SCOPES),
        Issuer("shipping_service", "sample_service", "/keys/shipping.json", scopes=frozenset({"things:count"})),
    ]


def test_without_a_variable_no_service_is_trusted() -> None:
    assert trusted_services(audience="sample_service", scopes=SCOPES) == []


@pytest.mark.parametrize("row", ["", "/keys/x.json", "/keys/x.json things:write", "/keys/x.json things:count other"])
def test_a_row_without_scopes_or_with_one_of_users_is_refused(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_SERVICE_X", row)

    with pytest.raises(ImproperlyConfigured, match=r"TRUSTED_SERVICE_X .* things:count, things:name"):
        trusted_services(audience="sample_service", scopes=SCOPES)


def test_a_key_set_that_no_request_could_reach_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_SERVICE_X", "http://[::1/keys things:count")

    with pytest.raises(ImproperlyConfigured, match="TRUSTED_SERVICE_X: It must be"):
        trusted_services(audience="sample_service", scopes=SCOPES)


def test_no_user_has_a_scope_of_services_even_where_no_service_is_trusted(settings: Settings, tmp_path: Path) -> None:
    settings.TRUSTED_ISSUERS = [publish(tmp_path, USERS)]
    settings.SERVICE_SCOPES = frozenset({"things:count"})

    answer = call_view(USERS.token("clerk", "things:read things:count"))

    assert answer.data["scopes"] == ["things:read"]
