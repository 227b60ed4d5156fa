"""Headers that operations of every service take or answer with, as the contract describes them."""

from drf_spectacular.utils import OpenApiParameter

from service_kit.rest.idempotency import HEADER, REPLAYED

IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    OpenApiParameter.HEADER,
    description="Makes it safe to repeat this request: with the same key, it is done once and answered the same.",
)
REPLAYED_HEADER = OpenApiParameter(
    REPLAYED,
    {"type": "string", "const": "true"},
    OpenApiParameter.HEADER,
    response=[201, 409, 422],
    description="There when this answer was given before.",
)
_TAGS = {"type": "string", "minLength": 1, "pattern": r"\S"}  # spaces around a value are no part of it
IF_MATCH = OpenApiParameter(
    "If-Match", _TAGS, OpenApiParameter.HEADER, description="The ETag of the state that the caller read."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", _TAGS, OpenApiParameter.HEADER, description="The ETag of the state that the caller has already."
)
ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201, 304], description="Names the state that is answered."
)
