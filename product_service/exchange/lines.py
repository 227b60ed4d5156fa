"""Lines of a file, counted in lines and bytes, never more of them in memory than one row may have."""

import re
from typing import BinaryIO, NamedTuple

from service_kit.rest.errors import LARGEST_BODY

LARGEST_ROW = LARGEST_BODY  # bytes, as of a body of the API
BOM = "\ufeff"
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

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        """
        Read a line, with its end.

        :raises RowTooLong: if the row is longer than 64 KiB by now.
        """
        line = self.stream.readline(LARGEST_ROW + 1)
        if not line:
            raise StopIteration
        self.row += line
        skipped = self._skip_rest() if len(line) > LARGEST_ROW and not line.endswith(b"\n") else 0
        self.place = Place(self.place.offset + len(line) + skipped, self.place.line + 1)
        if len(self.row) > LARGEST_ROW:
            raise RowTooLong
        text = line.decode("utf-8", "surrogateescape")
        self.is_utf8 = self.is_utf8 and not NOT_UTF8.search(text)
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
