"""The columns of a catalogue's file, and what the cells of a CSV file say in the types of JSON."""

from collections.abc import Sequence
from typing import Any

from service_kit.rest.fields import is_plain_integer

from exchange.errors import FileRefused

COLUMNS = ("id", "external_reference", "name", "description", "price", "stock_quantity", "is_active")
KEYS = frozenset({"id", "external_reference"})
NEEDED = frozenset({"name", "price"})  # to create a product
# What a file of rejected rows says of each. An import leaves it out, so that such a file, corrected, can be imported.
NOTES = ("rejected_line", "rejected_reason")

NUMBERS = frozenset({"id", "stock_quantity"})
TRUTHS = {"true": True, "false": False}
# An empty cell is no text where nothing else can be meant; of these columns it says nothing.
SILENT_IF_EMPTY = frozenset({"id", "external_reference", "stock_quantity", "is_active"})


def check_header(header: Sequence[str]) -> None:
    """
    Accept the names of a CSV file's columns.

    :raises FileRefused: if one is unknown or there twice, or if they suffice neither to find products nor to create.
    """
    unknown = [name for name in header if name not in COLUMNS and name not in NOTES]
    if len(header) == 1 and unknown and any(sign in header[0] for sign in ";\t|"):
        raise FileRefused(f"The columns must be separated by commas; the first line is {header[0][:100]!r}.")
    if unknown:
        raise FileRefused(f"Unknown columns: {', '.join(map(repr, unknown))}. Known are: {', '.join(COLUMNS)}.")
    if len(set(header)) < len(header):
        raise FileRefused("A column is there more than once.")
    if not KEYS & set(header) and not set(header) >= NEEDED:
        raise FileRefused(
            "Columns are missing: id or external_reference to find products, name and price to create some."
        )


def values_of(header: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    """Say what the cells of a row say. What is no number or truth stays text, and is refused when it is validated."""
    return {
        column: _value(column, cell)
        for column, cell in zip(header, cells, strict=True)
        if column not in NOTES and not (cell == "" and column in SILENT_IF_EMPTY)
    }


def _value(column: str, cell: str) -> Any:
    if column in NUMBERS and is_plain_integer(cell):
        return int(cell)
    if column == "is_active":
        return TRUTHS.get(cell.lower(), cell)  # spreadsheets write TRUE
    return cell
