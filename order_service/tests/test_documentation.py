"""What the documentation in the browser gets from this service."""

from typing import TYPE_CHECKING

import pytest
import yaml
from django.conf import settings
from django.test import Client

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.django_db  # what an answer leaves behind when it is closed looks at the connections


def content(answer: "_MonkeyPatchedWSGIResponse") -> bytes:
    """Read a file that is answered, and close it."""
    told = b"".join(answer)
    answer.close()
    return told


def test_the_published_contract_is_served_as_it_was_published(client: Client) -> None:
    answer = client.get("/docs/openapi.yaml")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/yaml")
    assert content(answer) == (settings.BASE_DIR / "openapi.yaml").read_bytes()


def test_nothing_of_it_is_internal(client: Client) -> None:
    published = yaml.safe_load(content(client.get("/docs/openapi.yaml")))

    assert list(published["paths"]) == ["/api/v1/orders/", "/api/v1/orders/{order_id}/"]
