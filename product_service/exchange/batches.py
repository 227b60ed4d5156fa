"""Rows of a file, validated and grouped into batches, each with the position where the next one begins."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from exchange.formats import Record
from exchange.lines import Place
from exchange.serializers import Row, RowRefused, validate

WITHOUT_KEY = (
    "id and external_reference: Standard input cannot be resumed, only repeated, and without one of them this row "
    "would then be created again."
)


@dataclass
class Batch:
    after: Place
    rows: list[Row] = field(default_factory=list)
    refused: list[tuple[Record, str]] = field(default_factory=list)


def batches(records: Iterable[Record], *, size: int, only_with_key: bool) -> Iterator[Batch]:
    """
    Group rows into batches.

    :param only_with_key: whether a row without a key is refused: a second import would create its product again.
    """
    remaining = iter(records)
    while taken := list(islice(remaining, size)):
        batch = Batch(after=taken[-1].after)
        for record in taken:
            try:
                row = validate(record)
            except RowRefused as error:
                batch.refused.append((record, str(error)))
                continue
            if only_with_key and row.product_id is None and row.reference is None:
                batch.refused.append((record, WITHOUT_KEY))
            else:
                batch.rows.append(row)
        yield batch
