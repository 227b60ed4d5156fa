"""Ids in addresses, requests and answers: whole numbers that every language reads exactly, JavaScript included."""

from collections.abc import Mapping
from typing import Any

from django.urls.converters import IntConverter, UUIDConverter, register_converter

LARGEST_ID = 2**53 - 1

# What the contract says of an id.
ID_SCHEMA: Mapping[str, Any] = {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID}


class IdConverter(IntConverter):
    """An id in an address, in ASCII digits without leading zeros. Any other number is no address, and answered 404."""

    regex = "[1-9][0-9]{0,15}"

    def to_python(self, value: str) -> int:
        """Read the id; raise ValueError if it is larger than any."""
        number = int(value)
        if number > LARGEST_ID:
            raise ValueError("No id is so large.")
        return number


class UUIDInAnyCaseConverter(UUIDConverter):
    """A UUID in an address, whose letters may be large (RFC 9562, 4), as they may in a body."""

    regex = f"(?i:{UUIDConverter.regex})"


register_converter(UUIDInAnyCaseConverter, "uuid_in_any_case")
register_converter(IdConverter, "id")  # for `path("<id:product_id>/", ...)`; the kit's settings import this module
