"""Refusals of HTTP that DRF has no exception for."""

from http import HTTPStatus

from rest_framework.exceptions import APIException

LARGEST_BODY = 64 * 1024  # bytes, as at the gateway


class PayloadTooLarge(APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = f"The body is larger than {LARGEST_BODY} bytes."
    default_code = "payload-too-large"


class UnsupportedContentCoding(APIException):
    status_code = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    default_detail = "The body must not be encoded: send it without Content-Encoding."
    default_code = "unsupported-media-type"


class PreconditionFailed(APIException):
    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = "A precondition of the request does not hold: read the resource again."
    default_code = "precondition-failed"


class SearchTooBroad(APIException):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "This search takes too long: search for more letters of a name, or for less at once."
    default_code = "search-too-broad"
