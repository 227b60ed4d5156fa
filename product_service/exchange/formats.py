"""The two file formats, CSV and NDJSON: reading rows, and writing them."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePath
from typing import Any, BinaryIO

from rest_framework.exceptions import ParseError
from rest_framework.fields import DecimalField

from exchange.columns import FIELDS, NOTES, check_header, values_of
from exchange.errors import ExchangeError
from exchange.lines import BOM, LARGEST_ROW, Lines, Place, RowTooLong
from service_kit.rest.parsers import parse_json

TOO_LONG = f"The row is longer than {LARGEST_ROW} bytes."
NOT_UTF8 = "The row is not UTF-8. A spreadsheet can save it as CSV UTF-8."
LONE_RETURN = "Its lines end with a carriage return alone. A spreadsheet can save it as CSV UTF-8."
START = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it was read: its values, or why it cannot be read."""

    line: int  # where it begins, from 1
    after: Place
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    text: str = ""  # as it was written, if it could not be read
    cells: Sequence[str] = ()  # of a CSV file


class Csv:
    """Comma-separated values with a header, as of RFC 4180, in UTF-8; or with semicolons, and prices with a comma."""

    def __init__(self, *, bom: bool = False, semicolons: bool = False) -> None:
        """Choose what an export writes; a file that is read shows it. Excel recognizes UTF-8 by a byte order mark."""
        self.header: list[str] = []
        self.bom = bom
        self.delimiter = ";" if semicolons else ","

    def read(self, stream: BinaryIO, place: Place) -> Iterator[Record]:
        """Read from a place between two rows, the header first in any case; raise ExchangeError if that is wrong."""
        lines = Lines(stream, START)
        self.header = self._read_header(lines)
        if place.offset:
            stream.seek(place.offset)
            lines = Lines(stream, place)
        return _records(lines, self._reader(lines), self._record, too_long=f"{TOO_LONG} Is a quote not closed?")

    def head(self, columns: Sequence[str]) -> str:
        """Return what a file of these columns begins with."""
        return (BOM if self.bom else "") + self._line(columns)

    def row(self, columns: Sequence[str], values: Sequence[Any]) -> str:
        """Return one row, with its end."""
        return self._line([self._cell(name, value) for name, value in zip(columns, values, strict=True)])

    def rejection_head(self) -> str:
        """Return what a file of rejected rows begins with."""
        return self.head([*NOTES, *(name for name in self.header if name not in NOTES)])

    def rejection(self, record: Record, reason: str) -> str:
        """Return a rejected row, as it was, with line and reason."""
        cells = record.cells or [record.text]
        if len(record.cells) == len(self.header):
            cells = [cell for name, cell in zip(self.header, cells, strict=True) if name not in NOTES]
        return self._line([record.line, reason, *cells])

    def _read_header(self, lines: Lines) -> list[str]:
        try:
            first = next(lines, "")
            self.bom = lines.has_bom
            self.delimiter = ";" if ";" in first and "," not in first else ","
            header = next(self._reader(chain([first], lines)), [])
        except (RowTooLong, csv.Error) as error:
            reason = TOO_LONG if isinstance(error, RowTooLong) else f"{error}."
            reason = LONE_RETURN if _has_lone_return(lines.row) else reason
            raise ExchangeError(f"The first line is no CSV header: {reason}") from None
        if not lines.row:
            raise ExchangeError("The file is empty; a CSV file begins with the names of its columns.")
        check_header(header)
        return header

    def _record(self, line: int, lines: Lines, cells: list[str]) -> Record | None:
        if not any(map(str.strip, cells)):  # a spreadsheet writes its empty rows with all their commas
            return None
        if not lines.is_utf8:
            return Record(line, lines.place, problem=NOT_UTF8, cells=cells)
        if len(cells) != len(self.header):
            problem = f"The row has {len(cells)} cells, but the header {len(self.header)}."
            return Record(line, lines.place, problem=problem, cells=cells)
        values = values_of(self.header, cells, decimal_comma=self.delimiter == ";")
        return Record(line, lines.place, values=values, cells=cells)

    def _reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self.delimiter, strict=True)

    def _cell(self, column: str, value: Any) -> Any:
        if isinstance(value, bool):
            return str(value).lower()
        if self.delimiter == ";" and isinstance(FIELDS[column], DecimalField):
            return str(value).replace(".", ",")
        return value

    def _line(self, cells: Sequence[Any]) -> str:
        """Write a row, with its end. Cells with a line break of whatever kind are quoted."""
        line = io.StringIO()
        # Before Python 3.13, a writer quotes only what ends its own lines.
        csv.writer(line, delimiter=self.delimiter, lineterminator="\r\n").writerow(cells)
        return line.getvalue().removesuffix("\r\n") + "\n"


class Ndjson:
    """One JSON object in each line, read as strictly as a body of the API. Its methods do what those of `Csv` do."""

    def read(self, stream: BinaryIO, place: Place) -> Iterator[Record]:
        if place.offset:
            stream.seek(place.offset)
        lines = Lines(stream, place)
        return _records(lines, lines, self._record, too_long=TOO_LONG)

    def head(self, columns: Sequence[str]) -> str:
        return ""

    def row(self, columns: Sequence[str], values: Sequence[Any]) -> str:
        return _json_line(dict(zip(columns, values, strict=True)))

    def rejection_head(self) -> str:
        return ""

    def rejection(self, record: Record, reason: str) -> str:
        values = record.values or {"text": record.text.strip()}
        return _json_line({**dict(zip(NOTES, (record.line, reason), strict=True)), **values})

    def _record(self, line: int, lines: Lines, text: str) -> Record | None:
        if not text.strip():
            return None
        if not lines.is_utf8:
            return Record(line, lines.place, problem=NOT_UTF8, text=text)
        try:
            values = parse_json(text.encode())
        except ParseError as error:
            return Record(line, lines.place, problem=str(error.detail).replace("body", "row"), text=text)
        if not isinstance(values, dict):
            return Record(line, lines.place, problem="The row is not a JSON object.", text=text)
        return Record(line, lines.place, values={key: values[key] for key in values if key not in NOTES})


Format = Csv | Ndjson
FORMATS: dict[str, type[Format]] = {"csv": Csv, "ndjson": Ndjson}


def format_of(name: str | None, path: str) -> Format:
    """Choose a format by the requested name, or else by the file's suffix; raise ExchangeError if there is none."""
    chosen = name or PurePath(path).suffix.removeprefix(".").lower()
    if chosen not in FORMATS:
        raise ExchangeError(f"The suffix of {path!r} names no format: add --format csv or --format ndjson.")
    return FORMATS[chosen]()


def _records(
    lines: Lines, rows: Iterator[Any], make: Callable[[int, Lines, Any], Record | None], *, too_long: str
) -> Iterator[Record]:
    """Read row after row, each of which takes as many lines as it needs."""
    while True:
        line = lines.begin_row()
        try:
            record = make(line, lines, next(rows))
        except StopIteration:
            return
        except RowTooLong:
            record = Record(line, lines.place, problem=too_long, text=_text(lines.row))
        except csv.Error as error:
            reason = LONE_RETURN if _has_lone_return(lines.row) else f"Not CSV: {error}."
            record = Record(line, lines.place, problem=reason, text=_text(lines.row))
        if record:
            yield record


def _has_lone_return(row: bytes) -> bool:
    return b"\r" in row.rstrip(b"\r\n").replace(b"\r\n", b"")


def _text(row: bytes) -> str:
    return row.decode("utf-8", "surrogateescape").removeprefix(BOM).rstrip("\r\n")


def _json_line(values: dict[str, Any]) -> str:
    """Write an object; what UTF-8 cannot say is escaped. Decimals are strings, as everywhere in the API."""
    text = json.dumps(values, ensure_ascii=False, default=str)
    is_utf8 = not any("\ud800" <= sign <= "\udfff" for sign in text)
    return (text if is_utf8 else json.dumps(values, default=str)) + "\n"
