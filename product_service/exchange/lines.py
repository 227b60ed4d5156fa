"""Lines of a file, counted in lines and bytes, never more of them in memory than one row may have."""

import re
from typing import BinaryIO, NamedTuple

from exchange.errors import ExchangeError
from service_kit.rest.errors import LARGEST_BODY

# Bytes. A description may be as long as a body of the API; the other columns, and why a row was rejected, come on top.
LARGEST_ROW = LARGEST_BODY + 8 * 1024
BOM = "\ufeff"
NOT_TEXT = (  # UTF-16 has a NUL in each letter of the header, and a workbook has many
    "The file is not UTF-8 but UTF-16 (Excel's Unicode Text) or a workbook; in the spreadsheet, save as CSV UTF-8."
)
NOT_UTF8 = re.compile("[\udc80-\udcff]")  # what bytes become that are not


class Place(NamedTuple):
    """A place in a file, between two rows."""

    offset: int  # bytes before it
    line: int  # lines before it


class RowTooLong(Exception):
    """A row is longer than one may be. Reading goes on behind the line that made it so."""


class Lines:
    """
    An iterator over the lines of a binary file, which knows where it is and what the row so far consists of.

    Bytes that are not UTF-8 become lone surrogates, which no field takes and which can be written back as they were.
    """

    def __init__(self, stream: BinaryIO, place: Place) -> None:
        self.stream = stream
        self.place = place
        self.row = b""
        self.is_utf8 = True
        self.has_bom = False

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        """Read a line, with its end; raise RowTooLong, or ExchangeError if the first line is not UTF-8."""
        line = self.stream.readline(LARGEST_ROW + 1)
        if not line:
            raise StopIteration
        if self.place.line == 0 and b"\0" in line:
            raise ExchangeError(NOT_TEXT)
        self.row += line
        skipped = self._skip_rest() if len(line) > LARGEST_ROW and not line.endswith(b"\n") else 0
        self.place = Place(self.place.offset + len(line) + skipped, self.place.line + 1)
        if len(self.row) > LARGEST_ROW:
            raise RowTooLong
        text = line.decode("utf-8", "surrogateescape")
        self.is_utf8 = self.is_utf8 and not NOT_UTF8.search(text)
        self.has_bom = self.has_bom or (self.place.line == 1 and text.startswith(BOM))
        return text.removeprefix(BOM) if self.place.line == 1 else text

    def begin_row(self) -> int:
        """Begin another row, and say in which line."""
        self.row = b""
        self.is_utf8 = True
        return self.place.line + 1

    def _skip_rest(self) -> int:
        skipped = 0
        while line := self.stream.readline(LARGEST_ROW):
            skipped += len(line)
            if line.endswith(b"\n"):
                break
        return skipped
