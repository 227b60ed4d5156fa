"""Fixtures for the tests of every service. Its conftest.py imports them."""

import importlib
import json

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from service_kit.auth.authentication import Caller
from service_kit.telemetry import logs
from service_kit.testing.log_lines import LogLines


def client_of(caller: Caller) -> APIClient:
    """Return a client whose requests come from this caller. Tokens have their own tests."""
    client = APIClient()
    client.force_authenticate(user=caller)  # type: ignore[arg-type] # a caller instead of Django's user
    return client


@pytest.fixture
def nobody() -> APIClient:
    return APIClient()


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> LogLines:
    """The log lines of the test so far."""
    lines: LogLines = []
    monkeypatch.setattr(logs, "write_line", lambda line: lines.append(json.loads(line)))
    return lines


@pytest.fixture
def on_postgresql(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("database") == "postgresql")


@pytest.fixture
def the_admin(settings: Settings) -> None:
    """Serve the admin instead of the API."""
    admin_settings = importlib.import_module("config.admin_settings")
    for name in filter(str.isupper, dir(admin_settings)):
        if name not in {"DATABASES", "INSTALLED_APPS", "LOGGING"}:  # the tests have those already
            setattr(settings, name, getattr(admin_settings, name))


@pytest.fixture
def anna(the_admin: None, db: None) -> Client:
    """A superuser who is logged in to the admin."""
    return desk_of(User.objects.create_superuser("anna"))


def desk_of(user: User) -> Client:
    """Return a client that is logged in to the admin."""
    client = Client()
    client.force_login(user)
    return client
