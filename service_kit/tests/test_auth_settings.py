"""The settings of the users' issuer: strict by default, and refused at the start if they make no sense."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from service_kit.auth.issuers import Issuer
from service_kit.testing.starting import Starting

SERVICE = Starting(Path(__file__).parent / "sample_service")
SHOW = "from dataclasses import asdict; from django.conf import settings; print(asdict(settings.USERS_ISSUER))"
STRICT = asdict(Issuer(name="https://issuer.test", audience=("shop",), jwks="keys.json"))


def issuer(**environment: str) -> dict[str, Any]:
    """Return the row of the users' issuer in a process with these variables."""
    shown = SERVICE.python("-c", SHOW, **{**SERVICE.enough, **environment})
    assert shown.returncode == 0, shown.stderr
    row: dict[str, Any] = eval(shown.stdout)  # noqa: S307 (it is the output of the line above)
    return row


def test_without_settings_of_its_own_the_users_issuer_is_strict() -> None:
    assert issuer() == STRICT


def test_every_way_in_which_providers_differ_is_a_setting() -> None:
    row = issuer(
        AUTH_AUDIENCE="web-client, mobile-client,",
        AUTH_AUDIENCE_CLAIM="client_id",
        AUTH_SCOPE_CLAIM="scp",
        AUTH_SCOPE_FORMAT="list",
        AUTH_SCOPE_PREFIX="shop/",
        AUTH_REQUIRE_KID="false",
        AUTH_JWKS_PROXY="http://user:secret@proxy.test:3128",
    )

    assert row == STRICT | {
        "audience": ("web-client", "mobile-client"),
        "audience_claim": "client_id",
        "scope_claim": "scp",
        "scope_is_list": True,
        "scope_prefix": "shop/",
        "requires_kid": False,
        "jwks_proxy": "http://user:secret@proxy.test:3128",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUTH_AUDIENCE_CLAIM", "azp"),
        ("AUTH_AUDIENCE_CLAIM", ""),
        ("AUTH_SCOPE_CLAIM", ""),
        ("AUTH_SCOPE_FORMAT", "tuple"),
        ("AUTH_REQUIRE_KID", "perhaps"),
        ("AUTH_JWKS_PROXY", "proxy.test:3128"),
        ("AUTH_JWKS_PROXY", "https://proxy.test:3128"),
        ("AUTH_JWKS_PROXY", "http://proxy.test:3128/path"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_at_the_start(name: str, value: str) -> None:
    refused = SERVICE.start(**{**SERVICE.enough, name: value})

    assert refused.returncode != 0
    assert name in refused.stderr


def test_the_password_of_a_proxy_may_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "proxy"
    file.write_text("http://user:secret@proxy.test:3128\n")

    assert issuer(AUTH_JWKS_PROXY_FILE=str(file))["jwks_proxy"] == "http://user:secret@proxy.test:3128"
