"""Query parameters, strictly: an unknown, repeated or malformed one is an error and not a guess."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError as InvalidValue
from django.db.models import Model, QuerySet
from django_filters import Filter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from service_kit.rest.fields import is_plain_decimal, is_plain_integer, is_storable_text

PAGE_PARAMETERS = frozenset({"cursor", "page_size"})
LONGEST_ECHO = 64  # characters of a client's own words in an answer


class StrictFilterBackend(DjangoFilterBackend):
    """django-filter, after every parameter of the request was found to be known, said once and storable."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Model], view: APIView) -> QuerySet[Model]:
        """
        Filter by the view's `filterset_class`.

        :raises ValidationError: naming each parameter that is unknown, repeated or malformed.
        """
        filterset_class = self.get_filterset_class(view, queryset)
        known = PAGE_PARAMETERS | set(filterset_class.base_filters if filterset_class else ())
        if getattr(view, "ordering_fields", ()):
            known |= {"ordering"}
        refusals = {
            name[:LONGEST_ECHO]: [refusal]
            for name, values in request.query_params.lists()
            if (refusal := _refusal(values, known=name in known))
        }
        if refusals:
            raise ValidationError(refusals)
        filtered: QuerySet[Model] = super().filter_queryset(request, queryset, view)
        return filtered


def _refusal(values: list[Any], *, known: bool) -> ErrorDetail | None:
    if not known:
        return ErrorDetail("This parameter is not known here.", code="unknown-parameter")
    if len(values) > 1:
        return ErrorDetail("This parameter is given more than once.", code="repeated")
    if not values[0]:
        return ErrorDetail("A value is required.", code="invalid")
    if not is_storable_text(values[0]):
        return ErrorDetail("Control characters and lone surrogates are not allowed.", code="invalid")
    return None


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


class PlainIntegerFilter(Filter):
    field_class = PlainIntegerField


class PlainDecimalFilter(Filter):
    field_class = PlainDecimalField


class TrueOrFalseFilter(Filter):
    """`true` or `false`, and no other word."""

    field_class = forms.TypedChoiceField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        choices = [("true", "true"), ("false", "false")]
        super().__init__(*args, choices=choices, coerce=lambda word: word == "true", empty_value=None, **kwargs)
