"""Serializer fields that take JSON's own types and plain notation, where DRF would guess."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from rest_framework import serializers

PLAIN_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,18})", re.ASCII)
PLAIN_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,27})(\.[0-9]{1,28})?", re.ASCII)
LINE_BREAKS = frozenset("\n\r\t")


def is_plain_integer(text: str) -> bool:
    """Whether the text is an integer in ASCII digits: no sign but a minus, no spaces, underscores or leading zeros."""
    return PLAIN_INTEGER.fullmatch(text) is not None


def is_plain_decimal(text: str) -> bool:
    """Whether the text is a decimal in ASCII digits with at most one point, without an exponent."""
    return PLAIN_DECIMAL.fullmatch(text) is not None


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


class StrictDecimalField(serializers.DecimalField):
    """A JSON number, or a string, in plain ASCII notation: digits, at most one point, no exponent."""

    default_error_messages = {"not_plain": 'A decimal such as 19.90 or "19.90" is required, in plain notation.'}

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int | Decimal):
            self.fail("not_plain")
        text = data if isinstance(data, str) else str(data)
        if not is_plain_decimal(text):
            self.fail("not_plain")
        value = super().to_internal_value(text)
        return value or abs(value)  # -0.00 is 0.00


class StrictCharField(serializers.CharField):
    """A JSON string that every database here can store."""

    default_error_messages = {
        "not_a_string": "A JSON string is required.",
        "not_storable": "Control characters and lone surrogates are not allowed.",
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_a_string")
        if not is_storable_text(data):
            self.fail("not_storable")
        # The contract counts what is sent; what is kept loses the space around it first.
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return super().to_internal_value(data)


class StrictBooleanField(serializers.BooleanField):
    """JSON's true or false, and nothing that looks like it."""

    default_error_messages = {"not_a_boolean": "true or false is required."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("not_a_boolean")
        return data
