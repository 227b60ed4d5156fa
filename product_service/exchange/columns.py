"""The columns of a catalogue's file, all of them derived from the API's serializer, and CSV cells as types of JSON."""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import BigAutoField
from rest_framework.exceptions import ValidationError
from rest_framework.fields import BooleanField, DecimalField, IntegerField

from catalogue.serializers import ProductInputSerializer
from exchange.errors import ExchangeError
from service_kit.rest.errors import LARGEST_BODY
from service_kit.rest.fields import StrictIntegerField, is_plain_integer


class RowSerializer(ProductInputSerializer):
    """The fields that a client may write, and the product that the row is about."""

    id = StrictIntegerField(min_value=1, max_value=BigAutoField.MAX_BIGINT, allow_null=True, required=False)

    def validate_description(self, text: str) -> str:
        """Refuse what would not fit into a body of the API: a later export can be imported in its turn."""
        if len(text) > LARGEST_BODY // 6 and len(json.dumps(text, ensure_ascii=False).encode()) > LARGEST_BODY:
            raise ValidationError(f"The text is longer than {LARGEST_BODY} bytes.", code="max-length")
        return text


FIELDS = dict(RowSerializer().fields.items())
KEYS = ("id", "external_reference")  # by which a row names its product
COLUMNS = (*KEYS, *(name for name in FIELDS if name not in KEYS))
REQUIRED = tuple(name for name, field in FIELDS.items() if field.required)  # to create a product
# What a file of rejected rows says of each. An import leaves it out, so that such a file, corrected, can be imported.
NOTES = ("rejected_line", "rejected_reason")

BOOLEANS = {"true": True, "false": False}
# An empty cell of a column that may be left out and takes no empty text has no value.
NO_VALUE_IF_EMPTY = frozenset(
    name for name, field in FIELDS.items() if not field.required and not getattr(field, "allow_blank", False)
)


def check_header(header: Sequence[str]) -> None:
    """Raise ExchangeError if a column is unknown or there twice, or if they neither find products nor create any."""
    unknown = [name for name in header if name not in COLUMNS and name not in NOTES]
    if len(header) == 1 and unknown and any(sign in header[0] for sign in ";\t|"):
        raise ExchangeError(
            f"The columns must be separated by commas or semicolons; the first line is {header[0][:100]!r}."
        )
    if unknown:
        raise ExchangeError(f"Unknown columns: {', '.join(map(repr, unknown))}. Known are: {', '.join(COLUMNS)}.")
    if len(set(header)) < len(header):
        raise ExchangeError("A column is there more than once.")
    if not set(KEYS) & set(header) and not set(header) >= set(REQUIRED):
        raise ExchangeError(
            f"Columns are missing: {' or '.join(KEYS)} to find products, {' and '.join(REQUIRED)} to create some."
        )


def values_of(header: Sequence[str], cells: Sequence[str], *, decimal_comma: bool = False) -> dict[str, Any]:
    """
    Return a row's values by column. What is no number or boolean stays text, and is refused by the validation.

    :param decimal_comma: whether a price may be written with a comma, 9,90. None may have separators of thousands.
    """
    return {
        column: _value(column, cell, decimal_comma=decimal_comma)
        for column, cell in zip(header, cells, strict=True)
        if column not in NOTES and not (cell == "" and column in NO_VALUE_IF_EMPTY)
    }


def _value(column: str, cell: str, *, decimal_comma: bool) -> Any:
    if isinstance(FIELDS[column], IntegerField) and is_plain_integer(cell):
        return int(cell)
    if isinstance(FIELDS[column], BooleanField):
        return BOOLEANS.get(cell.lower(), cell)  # spreadsheets write TRUE
    if decimal_comma and isinstance(FIELDS[column], DecimalField) and "." not in cell:
        return cell.replace(",", ".", 1)
    return cell
