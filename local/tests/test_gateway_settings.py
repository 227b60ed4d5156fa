"""The gateway's settings: each has its default in one place, and the environment overrides it."""

import re

import pytest

from stack.errors import StackError
from stack.gateway import gateway_settings, render
from stack.places import GATEWAY

OPTIONAL = {"GATEWAY_TLS_CERTIFICATE", "GATEWAY_TLS_KEY"}  # only where TLS ends at the gateway


def test_every_setting_has_a_default_and_every_default_is_used() -> None:
    templates = "".join(path.read_text() for path in GATEWAY.rglob("*.template"))
    used = set(re.findall(r"\$\{(\w+)\}", templates))
    defaults = {name for name in gateway_settings() if name.startswith("GATEWAY_")}

    assert used - OPTIONAL == defaults


def test_the_environment_overrides_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_MAX_BODY", "1m")

    assert gateway_settings()["GATEWAY_MAX_BODY"] == "1m"


def test_only_the_gateways_own_variables_are_replaced() -> None:
    assert render("${GATEWAY_TLS} $host ${uri}", {"GATEWAY_TLS": "on"}) == "on $host ${uri}"


def test_a_variable_without_a_value_is_an_error_that_names_it() -> None:
    with pytest.raises(StackError, match="GATEWAY_UNHEARD_OF"):
        render("${GATEWAY_UNHEARD_OF}", {})
