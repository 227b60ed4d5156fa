"""What the documentation in the browser gets from this service."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.django_db  # what an answer leaves behind when it is closed looks at the connections


def content(answer: "_MonkeyPatchedWSGIResponse") -> bytes:
    """Read a file that is answered, and close it."""
    told = b"".join(answer)
    answer.close()
    return told


def read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((settings.BASE_DIR / name).read_text())
    return loaded


def test_the_public_contract_is_current_and_made_without_a_warning(tmp_path: Path) -> None:
    made = tmp_path / "openapi.public.yaml"

    call_command(
        "spectacular", file=str(made), validate=True, fail_on_warn=True, custom_settings="api.documentation.PUBLIC_ONLY"
    )

    assert settings.PUBLIC_CONTRACT.read_text() == made.read_text(), "make it anew: make contracts"


def test_it_is_the_contract_without_what_is_internal() -> None:
    whole, public = read("openapi.yaml"), read("openapi.public.yaml")

    assert public["paths"] == {path: said for path, said in whole["paths"].items() if not path.startswith("/internal/")}
    assert len(public["paths"]) == len(whole["paths"]) - 3
    assert not [name for name in public["components"]["schemas"] if "Reservation" in name or "Settled" in name]


def test_it_is_served_as_it_was_published(client: Client) -> None:
    answer = client.get("/docs/openapi.yaml")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/yaml")
    assert content(answer) == settings.PUBLIC_CONTRACT.read_bytes()


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
