"""Swagger UI, with which the gateway's page at /docs/ shows every service's contract."""

import pytest
from django.test import Client

from service_kit.testing.contract_checks import content

pytestmark = pytest.mark.django_db  # closing an answer looks at the connections


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("swagger-ui-bundle.js", "text/javascript"),
        ("swagger-ui-standalone-preset.js", "text/javascript"),
        ("swagger-ui.css", "text/css"),
    ],
)
def test_the_files_of_swagger_ui_are_served(client: Client, name: str, kind: str) -> None:
    answer = client.get(f"/docs/swagger-ui/{name}")

    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert len(content(answer)) > 100_000


@pytest.mark.parametrize("path", ["nothing.js", "", "../apps.py", "%2e%2e/%2e%2e/apps.py", "a/b.js"])
def test_there_are_no_other_files(client: Client, path: str) -> None:
    answer = client.get(f"/docs/swagger-ui/{path}")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"
