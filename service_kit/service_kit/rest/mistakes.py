"""How the mistakes in a request become the `errors` of a problem: at most 20 of them, then how many more there are."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from rest_framework.exceptions import ErrorDetail

MOST_ERRORS = 20
LONGEST_DETAIL = 500  # characters of one entry; a message may repeat what was sent
LONGEST_ECHO = 64  # characters of a client's own words in an answer
UNLISTED = "unlisted"  # the code of an entry that stands for as many mistakes as its text says

WHOLE_BODY = "non_field_errors"  # DRF's name for what is wrong with an object and none of its fields


def unlisted(number: int) -> dict[str, list[ErrorDetail]]:
    """Return an entry for mistakes that are only counted; none, if there are none."""
    return {WHOLE_BODY: [ErrorDetail(str(number), code=UNLISTED)]} if number else {}


def listed_errors(detail: Any) -> tuple[list[dict[str, str]], int]:
    """
    Return the `errors` of a problem, and how many mistakes are not among them.

    :param detail: that of a ValidationError: mistakes by field, nested as the body is.
    """
    errors: list[dict[str, str]] = []
    more = 0
    found = _flat(detail, "")
    for pointer, mistake in islice(found, MOST_ERRORS):
        if mistake.code == UNLISTED:
            more += int(mistake)
        else:
            errors.append({"pointer": pointer, "code": spelled(mistake.code), "detail": str(mistake)[:LONGEST_DETAIL]})
    return errors, more + sum(int(mistake) if mistake.code == UNLISTED else 1 for _, mistake in found)


def spelled(code: str | None) -> str:
    """Spell the code of a mistake as problem types are spelled: `max_length` as `max-length`."""
    return (code or "invalid").replace("_", "-")


def _flat(detail: Any, pointer: str) -> Iterator[tuple[str, ErrorDetail]]:
    """Yield each mistake with the JSON pointer (RFC 6901) of where it is; the empty pointer is the whole body."""
    if isinstance(detail, Mapping):
        for name, part in detail.items():
            yield from _flat(part, pointer if name == WHOLE_BODY else f"{pointer}/{_escaped(str(name))}")
    elif isinstance(detail, list):
        for index, part in enumerate(detail):
            yield from _flat(part, pointer if isinstance(part, ErrorDetail) else f"{pointer}/{index}")
    elif isinstance(detail, ErrorDetail):
        yield pointer, detail


def _escaped(name: str) -> str:
    """Escape a name for a pointer. A client's may have lone surrogates, which no answer can be written with."""
    return name.replace("~", "~0").replace("/", "~1").encode(errors="backslashreplace").decode()
