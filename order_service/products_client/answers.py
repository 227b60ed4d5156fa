"""What an answer of products means: a decoded body, or the error that says what the caller knows."""

from typing import Final, TypeVar

import httpx
import msgspec

from products_client.models import Problem
from products_client.sending import Call, Response

T = TypeVar("T")

INVALID: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_problem = msgspec.json.Decoder(Problem)


def decode(call: Call, response: Response, decoder: msgspec.json.Decoder[T]) -> T:
    """Decode the body of a 200; raise the call's kind of NoAnswer if it is invalid, or the status another one."""
    if response.status != httpx.codes.OK:
        raise call.unavailable_error(describe_response(call, response), status=response.status)
    try:
        return decoder.decode(response.body)
    except INVALID as error:
        raise call.unavailable_error(f"{call.name}: the answer is invalid: {error}", status=response.status) from error


def describe_response(call: Call, response: Response) -> str:
    """Return the status, and the type and detail of the problem if the body is one."""
    try:
        problem = _problem.decode(response.body)
    except INVALID:
        return f"{call.name}: answered {response.status}"
    return f"{call.name}: answered {response.status} {problem.type} {problem.detail}".rstrip()
