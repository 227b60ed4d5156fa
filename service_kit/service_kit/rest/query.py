"""Query parameters: an unknown, repeated, empty or unstorable one is refused, at every address."""

from collections.abc import Collection
from typing import Any
from urllib.parse import unquote_to_bytes

from rest_framework.exceptions import ErrorDetail, ParseError, ValidationError
from rest_framework.request import Request

from service_kit.rest.fields import is_plain_integer
from service_kit.rest.mistakes import LONGEST_ECHO, MOST_ERRORS, unlisted
from service_kit.rest.text import is_storable_text


def refuse_ambiguous_parameters(request: Request, *, known: Collection[str]) -> None:
    """
    Raise a ValidationError that names each query parameter that is not known, repeated, empty or not storable.

    :raises ParseError: if the query is not UTF-8: Django would search for another text.
    """
    if not (query := request.META.get("QUERY_STRING")):
        return
    try:
        unquote_to_bytes(query).decode()
    except UnicodeDecodeError:
        raise ParseError("The query is not UTF-8.") from None
    mistakes = {
        name: mistake
        for name, values in request.query_params.lists()
        if (mistake := _mistake(values, name=name, known=known))
    }
    if mistakes:
        listed = sorted(mistakes)[:MOST_ERRORS]
        raise ValidationError(
            {**{name[:LONGEST_ECHO]: [mistakes[name]] for name in listed}, **unlisted(len(mistakes) - len(listed))}
        )


def whole_number(request: Request, name: str, *, default: int, least: int, most: int) -> int:
    """Read a query parameter; raise ValidationError unless it is a whole number within the bounds."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not is_plain_integer(text) or not least <= int(text) <= most:
        mistake = ErrorDetail(f"A whole number from {least} to {most} is required.", code="invalid")
        raise ValidationError({name: [mistake]})
    return int(text)


def _mistake(values: list[Any], *, name: str, known: Collection[str]) -> ErrorDetail | None:
    if name not in known:
        return ErrorDetail(f"This parameter is not known here. {_what_there_is(known)}", code="unknown-parameter")
    if len(values) > 1:
        return ErrorDetail("This parameter is given more than once.", code="repeated")
    if not values[0].strip():  # a form field would take spaces for no value, and not search by it
        return ErrorDetail("A value is required.", code="invalid")
    if not is_storable_text(values[0]):
        return ErrorDetail("Control characters and lone surrogates are not allowed.", code="invalid")
    return None


def _what_there_is(known: Collection[str]) -> str:
    return f"Known are: {', '.join(sorted(known))}." if known else "This request takes no query parameters."
