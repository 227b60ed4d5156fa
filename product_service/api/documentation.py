"""What the documentation in the browser shows of this service, and what both services' documentation is shown with."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import drf_spectacular_sidecar
from django.conf import settings
from django.http import FileResponse, HttpRequest

# The page itself is the gateway's; it lets these files through by their names.
SWAGGER_UI = Path(drf_spectacular_sidecar.__file__).parent / "static" / "drf_spectacular_sidecar" / "swagger-ui-dist"

Endpoint = tuple[str, str, str, Callable[..., Any]]  # path, its pattern, method, view


def contract(request: HttpRequest) -> FileResponse:
    """Answer the part of the contract that is for the public, as it was published with this version."""
    return FileResponse(settings.PUBLIC_CONTRACT.open("rb"), content_type="application/yaml")


def without_internal(endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """Leave out what only the internal listener leads to."""
    return [endpoint for endpoint in endpoints if not endpoint[0].startswith("/internal/")]


# For `manage.py spectacular --custom-settings api.documentation.PUBLIC_ONLY`.
PUBLIC_ONLY: Mapping[str, Any] = {"PREPROCESSING_HOOKS": ["api.documentation.without_internal"]}
