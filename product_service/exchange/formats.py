"""The two file formats, CSV and NDJSON: reading rows, and writing rejected rows."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, BinaryIO, Protocol

from rest_framework.exceptions import ParseError

from exchange.columns import NOTES, check_header, values_of
from exchange.errors import FileRefused
from exchange.lines import BOM, LARGEST_ROW, Lines, Place, RowTooLong
from service_kit.rest.parsers import StrictJSONParser

TOO_LONG = f"The row is longer than {LARGEST_ROW} bytes."
NAMES = ("csv", "ndjson")
NOT_UTF8 = "The row is not UTF-8."
START = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it was read: its values, or why it cannot be read."""

    line: int  # where it begins, from 1
    after: Place
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    text: str = ""  # as it was written
    cells: Sequence[str] = ()  # of a CSV file


class Format(Protocol):
    def read(self, stream: BinaryIO, place: Place) -> Iterator[Record]:
        """
        Read from a place between two rows; from the start, the header is read first.

        :raises FileRefused: if the header is not acceptable.
        """

    def rejection_head(self) -> str:
        """What a file of rejected rows begins with."""

    def rejection(self, record: Record, reason: str) -> str:
        """A rejected row, as it was, with line and reason."""


class Csv:
    """Comma-separated values with a header, as of RFC 4180, in UTF-8."""

    def __init__(self) -> None:
        self.header: list[str] = []

    def read(self, stream: BinaryIO, place: Place) -> Iterator[Record]:
        lines = Lines(stream, START)
        self.header = self._read_header(lines)
        if place.offset:
            stream.seek(place.offset)
            lines = Lines(stream, place)
        rows = csv.reader(lines, strict=True)
        while True:
            line = lines.begin_row()
            try:
                cells = next(rows)
            except StopIteration:
                return
            except RowTooLong:
                problem = f"{TOO_LONG} Is a quote not closed?"
                yield Record(line, lines.place, problem=problem, text=_text(lines.row))
            except csv.Error as error:
                yield Record(line, lines.place, problem=f"Not CSV: {error}.", text=_text(lines.row))
            else:
                if cells:
                    yield self._record(line, lines, cells)

    def rejection_head(self) -> str:
        return csv_line([*NOTES, *(name for name in self.header if name not in NOTES)])

    def rejection(self, record: Record, reason: str) -> str:
        cells = record.cells or [record.text]
        if len(record.cells) == len(self.header):
            cells = [cell for name, cell in zip(self.header, cells, strict=True) if name not in NOTES]
        return csv_line([str(record.line), reason, *cells])

    def _read_header(self, lines: Lines) -> list[str]:
        try:
            header = next(csv.reader(lines, strict=True), [])
        except RowTooLong:
            raise FileRefused(f"The first line is no CSV header. {TOO_LONG}") from None
        except csv.Error as error:
            raise FileRefused(f"The first line is no CSV header: {error}.") from None
        if not lines.row:
            raise FileRefused("The file is empty; a CSV file begins with the names of its columns.")
        check_header(header)
        return header

    def _record(self, line: int, lines: Lines, cells: list[str]) -> Record:
        after = lines.place
        if not lines.is_utf8:
            return Record(line, after, problem=NOT_UTF8, cells=cells)
        if len(cells) != len(self.header):
            problem = f"The row has {len(cells)} cells, but the header {len(self.header)}."
            return Record(line, after, problem=problem, cells=cells)
        return Record(line, after, values=values_of(self.header, cells), cells=cells)


class Ndjson:
    """One JSON object in each line, read as strictly as a body of the API."""

    def __init__(self) -> None:
        self.parser = StrictJSONParser()

    def read(self, stream: BinaryIO, place: Place) -> Iterator[Record]:
        if place.offset:
            stream.seek(place.offset)
        lines = Lines(stream, place)
        while True:
            line = lines.begin_row()
            try:
                text = next(lines)
            except StopIteration:
                return
            except RowTooLong:
                yield Record(line, lines.place, problem=TOO_LONG, text=_text(lines.row))
            else:
                if not lines.is_utf8:
                    yield Record(line, lines.place, problem=NOT_UTF8, text=text)
                elif text.strip():
                    yield self._record(line, lines.place, text)

    def rejection_head(self) -> str:
        return ""

    def rejection(self, record: Record, reason: str) -> str:
        values = record.values or {"text": record.text.strip()}
        return f"{_json({'rejected_line': record.line, 'rejected_reason': reason, **values})}\n"

    def _record(self, line: int, after: Place, text: str) -> Record:
        try:
            values = self.parser.parse(io.BytesIO(text.encode()))
        except ParseError as error:
            return Record(line, after, problem=str(error.detail).replace("body", "row"), text=text)
        if not isinstance(values, dict):
            return Record(line, after, problem="The row is not a JSON object.", text=text)
        return Record(line, after, values={key: values[key] for key in values if key not in NOTES}, text=text)


def kind_of(name: str | None, path: str) -> str:
    """
    Choose a format by the requested name, or else by the file's suffix.

    :raises FileRefused: if neither names a format.
    """
    chosen = name or PurePath(path).suffix.removeprefix(".").lower()
    if chosen not in NAMES:
        raise FileRefused(f"The suffix of {path!r} names no format: add --format csv or --format ndjson.")
    return chosen


def format_of(name: str | None, path: str) -> Format:
    """
    Choose the reader of a file, as `kind_of` does.

    :raises FileRefused: if neither names a format.
    """
    return Csv() if kind_of(name, path) == "csv" else Ndjson()


def _text(row: bytes) -> str:
    return row.decode("utf-8", "surrogateescape").removeprefix(BOM).rstrip("\r\n")


def _json(value: Any) -> str:
    """One line; what UTF-8 cannot say is escaped. Decimals are strings, as everywhere in the API."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    is_utf8 = not any("\ud800" <= sign <= "\udfff" for sign in text)
    return text if is_utf8 else json.dumps(value, default=str)


def csv_line(cells: Sequence[Any]) -> str:
    """Write a row, with its end. Cells with a line break of whatever kind are quoted."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)  # before Python 3.13, it quotes what ends its lines only
    return line.getvalue().removesuffix("\r\n") + "\n"
