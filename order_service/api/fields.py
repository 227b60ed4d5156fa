"""Serializer fields that take JSON's own types and plain notation, where DRF would guess."""

import re
import unicodedata
from typing import Any

from rest_framework import serializers

PLAIN_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,18})", re.ASCII)
LINE_BREAKS = frozenset("\n\r\t")


def is_plain_integer(text: str) -> bool:
    """Whether the text is an integer in ASCII digits: no sign but a minus, no spaces, underscores or leading zeros."""
    return PLAIN_INTEGER.fullmatch(text) is not None


def is_storable_text(text: str) -> bool:
    """Whether every database here stores the text: no NUL, no other control character but line breaks, no surrogate."""
    return not any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in LINE_BREAKS for sign in text)


class StrictIntegerField(serializers.IntegerField):
    """A JSON number without a fraction; not a string, not a boolean."""

    default_error_messages = {"not_a_number": "A JSON number without a fraction is required."}

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("not_a_number")
        return data
