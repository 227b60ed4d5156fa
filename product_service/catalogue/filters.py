"""The filters of the list of products."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django_filters import CharFilter, Filter, FilterSet
from drf_spectacular.drainage import set_override

from products.models import Product, ProductQuerySet
from service_kit.rest.fields import is_plain_integer
from service_kit.rest.filters import PlainDecimalFilter, TrueOrFalseFilter
from service_kit.rest.text import PRINTED_TEXT

MOST_IDS = 100
MOST_DIGITS = 18  # a pattern cannot bound a number; of more than 2^53 - 1 there is no product

# Schemas of the parameters for the published contract, where drf-spectacular cannot derive them.
NAME = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": PRINTED_TEXT}
BOUND = {"type": "string", "pattern": r"^-?(0|[1-9][0-9]{0,7})(\.[0-9]{1,2})?$"}
IDS = {"type": "string", "pattern": r"^[1-9][0-9]{0,17}(,[1-9][0-9]{0,17}){0,99}$"}


class IdsField(forms.Field):
    """Some ids, with commas between."""

    def to_python(self, value: Any) -> list[int] | None:
        """Read the ids; raise ValidationError if one is none, or there are more than 100."""
        if not value:
            return None
        words = str(value).split(",", MOST_IDS)
        if len(words) > MOST_IDS:
            raise ValidationError(f"At most {MOST_IDS} ids are allowed.", code="max-length")
        if not all(is_plain_integer(word) and 1 <= int(word) < 10**MOST_DIGITS for word in words):
            raise ValidationError("Ids, with commas between, are required.", code="invalid")
        return [int(word) for word in words]


class IdsFilter(Filter):
    field_class = IdsField


def documented(parameter: Filter, schema: Mapping[str, Any], description: str) -> Filter:
    """Document a parameter in the published contract."""
    set_override(parameter, "field", {**schema, "description": description})
    return parameter


class ProductFilter(FilterSet):
    """Parameters of the list; a product must match all that are given."""

    name = documented(CharFilter(method="filter_name", max_length=255), NAME, "A part of the name, in any case.")
    min_price = documented(
        PlainDecimalFilter(field_name="price", lookup_expr="gte", max_digits=10, decimal_places=2),
        BOUND,
        "The lowest price.",
    )
    max_price = documented(
        PlainDecimalFilter(field_name="price", lookup_expr="lte", max_digits=10, decimal_places=2),
        BOUND,
        "The highest price.",
    )
    in_stock = documented(TrueOrFalseFilter(method="filter_in_stock"), {"type": "boolean"}, "Whether any unit is left.")
    external_reference = documented(CharFilter(max_length=255), NAME, "What it is called elsewhere, exactly.")
    ids = documented(IdsFilter(field_name="pk", lookup_expr="in"), IDS, "1 to 100 ids, with commas between.")

    class Meta:
        model = Product
        fields: list[str] = []

    def filter_name(self, products: ProductQuerySet, name: str, part: str) -> ProductQuerySet:
        return products.named(part)

    def filter_in_stock(self, products: ProductQuerySet, name: str, value: bool) -> ProductQuerySet:  # noqa: FBT001 - django-filter's signature
        return products.in_stock(value)
