"""Rows of a catalogue's file, validated by the API's own serializer and by nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rest_framework.exceptions import ErrorDetail, ValidationError

from exchange.columns import KEYS, RowSerializer
from exchange.formats import Record

# Messages that name types of JSON, in words that fit a table too.
PLAIN_WORDS = {
    "not_a_number": "A whole number in plain digits is required.",
    "not_a_boolean": "true or false is required.",
    "not_plain": "A decimal such as 19.90 is required.",
    "unknown-field": "This column is not known.",
}


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
    Validate a row's values, as an edit of a product or as a new one; which of them it is depends on the catalogue.

    A key that is null is left out: an import takes no reference away.

    :raises RowRefused: naming everything that is wrong.
    """
    if record.problem:
        raise RowRefused(record.problem)
    given = {name: value for name, value in record.values.items() if not (value is None and name in KEYS)}
    try:
        values = RowSerializer.parse(given, partial=True)
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
