"""JSON bodies, strictly: UTF-8, no duplicate keys, no NaN, not too large, not too deep."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import IO, Any, NoReturn

from django.http.request import UnreadablePostError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from service_kit.rest.errors import LARGEST_BODY, PayloadTooLarge, UnsupportedContentCoding

DEEPEST_BODY = 32  # nested lists and objects
NOT_ENCODED = ("", "identity")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    parsed = dict(pairs)
    if len(parsed) < len(pairs):
        raise ParseError("An object of the body has the same key twice.")
    return parsed


def _refuse_constant(word: str) -> NoReturn:
    raise ParseError(f"{word} is not JSON.")


# `json.loads` makes one at each call.
_decoder = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant, parse_float=Decimal)


def _refuse_depth(parsed: Any, *, left: int = DEEPEST_BODY) -> None:
    if not isinstance(parsed, dict | list):
        return
    if left == 0:
        raise ParseError(f"The body is nested deeper than {DEEPEST_BODY} levels.")
    for item in parsed.values() if isinstance(parsed, dict) else parsed:
        _refuse_depth(item, left=left - 1)


def parse_json(body: bytes) -> Any:
    """
    Parse JSON. Numbers with a fraction become `Decimal`, exactly as they were written.

    :raises ParseError: if it is not one JSON value in UTF-8, has a key twice or too large an exponent, or is too deep.
    """
    try:
        parsed = _decoder.decode(body.decode("utf-8"))
    except RecursionError:
        raise ParseError(f"The body is nested deeper than {DEEPEST_BODY} levels.") from None
    except ValueError:  # not UTF-8, not JSON, or an integer of thousands of digits
        raise ParseError("The body is not valid JSON.") from None
    except InvalidOperation:  # no `Decimal` has an exponent of twenty digits
        raise ParseError("A number of the body has an exponent that is too large.") from None
    _refuse_depth(parsed)
    return parsed


class StrictJSONParser(BaseParser):
    """Parse a JSON body, by `parse_json`."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """
        Read the whole body.

        :raises ParseError: if it is not complete, or for the reasons of `parse_json`.
        :raises PayloadTooLarge: if it is longer than 64 KiB.
        :raises UnsupportedContentCoding: if it is compressed.
        """
        request = (parser_context or {}).get("request")
        if request and request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower() not in NOT_ENCODED:
            raise UnsupportedContentCoding
        try:
            body = stream.read(LARGEST_BODY + 1)
        except UnreadablePostError:
            raise ParseError("The body ended before it was complete.") from None
        if len(body) > LARGEST_BODY:
            raise PayloadTooLarge
        return parse_json(body)
