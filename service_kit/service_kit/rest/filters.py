"""The values of query parameters, in plain notation, where Django's form fields would guess."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError as InvalidValue
from django_filters import ChoiceFilter, Filter
from drf_spectacular.drainage import set_override

from service_kit.rest.fields import is_plain_decimal, is_plain_integer
from service_kit.rest.ids import ID_SCHEMA, LARGEST_ID
from service_kit.rest.instants import parse_instant


class PlainIntegerField(forms.IntegerField):
    """An integer in ASCII digits, where the form field would take spaces and other scripts' digits."""

    def to_python(self, value: Any) -> int | None:
        if value and not is_plain_integer(value):
            raise InvalidValue("A whole number in plain digits is required.", code="invalid")
        return super().to_python(value)


class PlainDecimalField(forms.DecimalField):
    """A decimal in plain ASCII notation, where the form field would take exponents, underscores and other digits."""

    def to_python(self, value: Any) -> Any:
        if value and not is_plain_decimal(value):
            raise InvalidValue("A decimal in plain notation is required.", code="invalid")
        return super().to_python(value)


class InstantField(forms.Field):
    """An instant as RFC 3339 writes it, where the form field would take dates, local times and other digits."""

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            return parse_instant(value)
        except ValueError:
            raise InvalidValue("An instant such as 2026-01-31T12:00:00Z is required.", code="invalid") from None


class PlainDecimalFilter(Filter):
    field_class = PlainDecimalField


class IdFilter(Filter):
    """The id of something; the contract would otherwise say the bounds of the column."""

    field_class = PlainIntegerField

    def __init__(self, *args: Any, description: str, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=LARGEST_ID, **kwargs)
        set_override(self, "field", {**ID_SCHEMA, "description": description})


class InstantFilter(Filter):
    """Before or after an instant; what is finer than a microsecond is cut off."""

    field_class = InstantField

    def __init__(self, *args: Any, description: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_override(self, "field", {"type": "string", "format": "date-time", "description": description})


class OneOfFilter(ChoiceFilter):
    """One of some words. A refusal names them, and does not repeat what was sent."""

    def __init__(self, *args: Any, choices: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, choices=choices, error_messages=_naming(choices), **kwargs)


class TrueOrFalseFilter(Filter):
    """`true` or `false`, and no other word."""

    field_class = forms.TypedChoiceField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        choices = [("true", "true"), ("false", "false")]
        super().__init__(
            *args,
            choices=choices,
            coerce=lambda word: word == "true",
            empty_value=None,
            error_messages=_naming(choices),
            **kwargs,
        )


def _naming(choices: Sequence[tuple[str, Any]]) -> dict[str, str]:
    known = ", ".join(word for word, _ in choices)
    return {"invalid_choice": f"This is not one of the known values: {known}."}
