"""Rows of a catalogue's file, in batches, validated by the API's own serializer and by nothing else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from rest_framework.exceptions import ErrorDetail, ValidationError

from exchange.columns import KEYS, RowSerializer
from exchange.formats import Record
from exchange.lines import Place

# Messages that name types of JSON, in words that fit a table too.
PLAIN_WORDS = {
    "not_a_number": "A whole number in plain digits is required.",
    "not_a_boolean": "true or false is required.",
    "not_plain": "A decimal such as 19.90 is required.",
    "unknown-field": "This column is not known.",
}
WITHOUT_KEY = (
    "id and external_reference: Standard input cannot be resumed, only repeated, and without one of them this row "
    "would then be created again."
)


class RowRefused(Exception):
    """A row is not valid, or does not fit the catalogue as it is."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row in which nothing is wrong by itself."""

    record: Record
    values: dict[str, Any]  # by column; a key that is null is left out


@dataclass
class Batch:
    after: Place  # where the next one begins
    rows: list[Row] = field(default_factory=list)
    refused: list[tuple[Record, str]] = field(default_factory=list)


def batches(records: Iterable[Record], *, size: int, only_with_key: bool) -> Iterator[Batch]:
    """Validate rows in batches of `size`. `only_with_key` refuses rows that a second import would create again."""
    remaining = iter(records)
    while taken := list(islice(remaining, size)):
        batch = Batch(after=taken[-1].after)
        for record in taken:
            try:
                batch.rows.append(_validate(record, only_with_key=only_with_key))
            except RowRefused as error:
                batch.refused.append((record, str(error)))
        yield batch


def _validate(record: Record, *, only_with_key: bool) -> Row:
    """
    Validate a row as an edit or a new product: which it is depends on the catalogue. An import takes no key away.

    :raises RowRefused: naming everything that is wrong.
    """
    if record.problem:
        raise RowRefused(record.problem)
    given = {name: value for name, value in record.values.items() if not (value is None and name in KEYS)}
    try:
        values = RowSerializer.parse(given, partial=True)
    except ValidationError as error:
        raise RowRefused(" ".join(_sentences(error.detail))) from None
    if only_with_key and not values.keys() & set(KEYS):
        raise RowRefused(WITHOUT_KEY)
    return Row(record, values)


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
