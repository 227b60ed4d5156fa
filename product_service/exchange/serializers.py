"""Rows of a catalogue's file, validated by what the API says of a product, and by nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import BigAutoField
from rest_framework.exceptions import ErrorDetail, ValidationError

from api.fields import StrictIntegerField
from catalogue.serializers import ProductInputSerializer
from exchange.columns import KEYS
from exchange.formats import Record

# What fields say in the words of JSON, in words that suit a table too.
PLAIN_WORDS = {
    "not_a_number": "A whole number in plain digits is required.",
    "not_a_boolean": "true or false is required.",
    "not_plain": "A decimal such as 19.90 is required.",
    "unknown-field": "This column is not known.",
}


class RowSerializer(ProductInputSerializer):
    """What may be said about a product, and which product it is about."""

    id = StrictIntegerField(min_value=1, max_value=BigAutoField.MAX_BIGINT, allow_null=True, required=False)


REQUIRED = tuple(name for name, declared in ProductInputSerializer().fields.items() if declared.required)


@dataclass(frozen=True, slots=True)
class Row:
    """A row in which nothing is wrong by itself."""

    record: Record
    values: dict[str, Any]  # of the product's fields, without its id
    product_id: int | None
    reference: str | None


class RowRefused(Exception):
    """Something is wrong with a row, whatever the catalogue holds."""


def validate(record: Record) -> Row:
    """
    Validate what a row says, as an edit of a product or as a new one; which of them it is, the catalogue tells.

    A key that is null says nothing: an import takes no reference away.

    :raises RowRefused: naming everything that is wrong.
    """
    if record.problem:
        raise RowRefused(record.problem)
    said = {name: value for name, value in record.values.items() if not (value is None and name in KEYS)}
    try:
        values = RowSerializer.parse(said, partial=True)
    except ValidationError as error:
        raise RowRefused(" ".join(_sentences(error.detail))) from None
    product_id = values.pop("id", None)
    return Row(record, values, product_id, values.get("external_reference"))


def _sentences(detail: Any, column: str = "") -> Iterator[str]:
    if isinstance(detail, dict):
        for name, part in detail.items():
            yield from _sentences(part, str(name))
    elif isinstance(detail, list):
        for part in detail:
            yield from _sentences(part, column)
    else:
        code = detail.code if isinstance(detail, ErrorDetail) else None
        yield f"{column}: {PLAIN_WORDS.get(code or '', str(detail))}"
