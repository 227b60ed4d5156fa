"""What the documentation in the browser shows of this service: its published contract."""

from django.conf import settings
from django.http import FileResponse, HttpRequest


def contract(request: HttpRequest) -> FileResponse:
    """Answer the part of the contract that is for the public, as it was published with this version."""
    return FileResponse(settings.PUBLIC_CONTRACT.open("rb"), content_type="application/yaml")
