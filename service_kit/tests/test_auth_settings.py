"""The settings of the users' issuer: strict by default, and as providers differ."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from service_kit.auth.issuers import Issuer
from tests.test_settings import SERVICE

SHOW = "from dataclasses import asdict; from django.conf import settings; print(asdict(settings.USERS_ISSUER))"
PROXY = "http://user:secret@proxy.test:3128"
STRICT = asdict(Issuer(name="https://issuer.test", audience=("shop",), jwks=SERVICE.enough["AUTH_JWKS"]))


def issuer(**environment: str) -> dict[str, Any]:
    """Return the row of the users' issuer in a process with these variables."""
    shown = SERVICE.python("-c", SHOW, **{**SERVICE.enough, **environment})
    assert shown.returncode == 0, shown.stderr
    row: dict[str, Any] = eval(shown.stdout)  # noqa: S307 (it is the output of the line above)
    return row


def test_without_settings_of_its_own_the_users_issuer_is_strict() -> None:
    assert issuer() == STRICT


def test_every_way_in_which_providers_differ_is_a_setting() -> None:
    variables = {"AUDIENCE": "web-client, mobile-client,", "AUDIENCE_CLAIM": "client_id", "JWKS_PROXY": PROXY}
    scopes = {"SCOPE_CLAIM": "scp", "SCOPE_FORMAT": "list", "SCOPE_PREFIX": "shop/", "REQUIRE_KID": "false"}

    row = issuer(**{f"AUTH_{name}": value for name, value in {**variables, **scopes}.items()})

    audience = {"audience": ("web-client", "mobile-client"), "audience_claim": "client_id"}
    scope = {"scope_claim": "scp", "scope_is_list": True, "scope_prefix": "shop/"}
    assert row == STRICT | audience | scope | {"requires_kid": False, "jwks_proxy": PROXY}


def test_the_password_of_a_proxy_may_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "proxy"
    file.write_text(f"{PROXY}\n")

    assert issuer(AUTH_JWKS_PROXY_FILE=str(file))["jwks_proxy"] == PROXY
