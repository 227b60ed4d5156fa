"""Serializer fields that take the types of JSON, by value, where DRF would guess."""

import re
from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from service_kit.rest.ids import LARGEST_ID
from service_kit.rest.text import is_storable_text, is_visible_text

PLAIN_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,18})", re.ASCII)
PLAIN_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,27})(\.[0-9]{1,28})?", re.ASCII)
NEGATIVE_ZERO = re.compile(r"-0(\.0+)?", re.ASCII)
LARGEST_EXPONENT = 30  # of a number; more digits than any field takes are never written out
MOST_DIGITS = 100


def is_plain_integer(text: str) -> bool:
    """Whether the text is an integer in ASCII digits: no sign but a minus, no spaces, underscores or leading zeros."""
    return PLAIN_INTEGER.fullmatch(text) is not None


def is_plain_decimal(text: str) -> bool:
    """Whether the text is a decimal in ASCII digits with at most one point, without an exponent."""
    return PLAIN_DECIMAL.fullmatch(text) is not None


def plain_number(number: int | Decimal) -> str | None:
    """Write a JSON number in plain notation: `1e3` as 1000, `1.50` as 1.5. None if it has more digits than a field."""
    value = Decimal(number)
    if not value:
        return "0"
    if abs(value.adjusted()) > LARGEST_EXPONENT or len(value.as_tuple().digits) > MOST_DIGITS:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class StrictIntegerField(serializers.IntegerField):
    """A JSON number whose value is whole: 1, 1.0 and 1e0 are the same, as in JSON Schema. No string, no boolean."""

    default_error_messages = {
        "not_a_number": "A JSON number without a fraction is required.",
        "out_of_range": "This number is larger than any that is allowed here.",
    }

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | Decimal):
            self.fail("not_a_number")
        if isinstance(data, int):
            return data
        if data and data.adjusted() > LARGEST_EXPONENT:  # not to write out the digits of 1e999999
            self.fail("out_of_range")
        if data != data.to_integral_value():
            self.fail("not_a_number")
        return int(data)


class StrictIdField(StrictIntegerField):
    """The id of something: 1 to 2^53 - 1, which every language reads exactly."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": LARGEST_ID, **kwargs})


class StrictDecimalField(serializers.DecimalField):
    """A JSON number, by value, or a string in plain ASCII notation: digits, at most one point, no exponent."""

    default_error_messages = {
        "not_plain": 'A decimal such as 19.90 or "19.90" is required, a string in plain notation.',
        "out_of_range": "This number has more digits than are allowed here.",
    }

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int | Decimal):
            self.fail("not_plain")
        if isinstance(data, str):
            if not is_plain_decimal(data) or NEGATIVE_ZERO.fullmatch(data):
                self.fail("not_plain")
            return super().to_internal_value(data)
        text = plain_number(data)
        if text is None:
            self.fail("out_of_range")
        return super().to_internal_value(text)


class StrictCharField(serializers.CharField):
    """A JSON string that every database here can store; unless it may be blank, something of it must be visible."""

    default_error_messages = {
        "not_a_string": "A JSON string is required.",
        "not_storable": "Control characters and lone surrogates are not allowed.",
        "invisible": "This text shows nothing: it has only spaces and invisible characters.",
    }

    def run_validation(self, data: Any = empty) -> Any:
        # Here already, because DRF takes text of spaces, some control characters included, for no text at all.
        if isinstance(data, str) and not is_storable_text(data):
            self.fail("not_storable")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_a_string")
        # The contract counts what is sent; what is kept loses the space around it first.
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        text: str = super().to_internal_value(data)
        if not self.allow_blank and not is_visible_text(text):
            self.fail("invisible")
        return text


class StrictChoiceField(serializers.ChoiceField):
    """One of some words. A refusal names them, and does not repeat what was sent."""

    default_error_messages = {"invalid_choice": "This is not one of the known values: {known}."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", known=", ".join(self.choices))
        return data


class StrictBooleanField(serializers.BooleanField):
    """JSON's true or false, and nothing that looks like it."""

    default_error_messages = {"not_a_boolean": "true or false is required."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("not_a_boolean")
        return data
