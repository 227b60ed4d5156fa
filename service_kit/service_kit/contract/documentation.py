"""What the documentation in the browser shows of this service: its published contract."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest

from service_kit.rest.methods import read_only

Endpoint = tuple[str, str, str, Callable[..., Any]]  # path, its pattern, method, view


@cache
def _tag_of(path: Path) -> str:
    return f'"{hashlib.sha256(path.read_bytes()).hexdigest()[:32]}"'


@read_only
def contract(request: HttpRequest) -> FileResponse:
    """Answer the part of the contract that is for the public, as it was published with this version."""
    path: Path = settings.PUBLIC_CONTRACT
    return FileResponse(path.open("rb"), content_type="application/yaml", headers={"ETag": _tag_of(path)})


def without_internal(endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """Leave out what only the internal listener leads to."""
    return [endpoint for endpoint in endpoints if not endpoint[0].startswith("/internal/")]


# For `manage.py spectacular --custom-settings service_kit.contract.documentation.PUBLIC_ONLY`.
PUBLIC_ONLY: Mapping[str, Any] = {"PREPROCESSING_HOOKS": ["service_kit.contract.documentation.without_internal"]}
