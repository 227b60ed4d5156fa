"""What the documentation in the browser shows of this service: its published contract."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest

from service_kit.rest.methods import read_only

Endpoint = tuple[str, str, str, Callable[..., Any]]  # path, its pattern, method, view


@read_only
def contract(request: HttpRequest) -> FileResponse:
    """Answer the part of the contract that is for the public, as it was published with this version."""
    return FileResponse(settings.PUBLIC_CONTRACT.open("rb"), content_type="application/yaml")


def without_internal(endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """Leave out what only the internal listener leads to."""
    return [endpoint for endpoint in endpoints if not endpoint[0].startswith("/internal/")]


# For `manage.py spectacular --custom-settings service_kit.contract.documentation.PUBLIC_ONLY`.
PUBLIC_ONLY: Mapping[str, Any] = {"PREPROCESSING_HOOKS": ["service_kit.contract.documentation.without_internal"]}
