"""A service without a key to sign its requests with refuses to place an order before it has written anything."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from orders import products, services
from orders.models import Order

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_without_a_key")]


@pytest.fixture(params=["", "/run/secrets/key.json"], ids=["missing", "the name of a file"])
def _without_a_key(request: pytest.FixtureRequest, settings: Settings) -> None:
    settings.SERVICE_TOKEN_KEY = request.param
    products._client.cache_clear()  # noqa: SLF001 - what a new process begins with


def test_nothing_is_written() -> None:
    with pytest.raises(ImproperlyConfigured, match="SERVICE_TOKEN_KEY"):
        services.place_order(owner="alice", product_id=1, quantity=1)

    assert not Order.objects.exists()


def test_the_command_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="SERVICE_TOKEN_KEY"):
        call_command("place_order", product="Desk lamp", quantity=1)

    assert not Order.objects.exists()
