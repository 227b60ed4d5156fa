"""What the documentation in the browser shows of this service: its published contract."""

from django.conf import settings
from django.http import FileResponse, HttpRequest

KEPT = "public, max-age=60"  # a release changes it, and nothing else


def contract(request: HttpRequest) -> FileResponse:
    """Answer the part of the contract that is for the public, as it was published with this version."""
    published = settings.PUBLIC_CONTRACT.open("rb")
    return FileResponse(published, content_type="application/yaml", headers={"Cache-Control": KEPT})
