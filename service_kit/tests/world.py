"""What the tests' stories are made of."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from typing import Any

from rest_framework.test import APIClient

from things.models import Thing

numbers = count(1)
THINGS = "/api/v1/things/"
ADMIN = "/admin/things/"


def add_thing(*, name: str = "", price: str = "10.00") -> Thing:
    return Thing.objects.create(name=name or f"Thing {next(numbers)}", price=Decimal(price))


def post_raw(
    client: APIClient, body: bytes, content_type: str = "application/json", *, headers: Mapping[str, str] | None = None
) -> Any:
    return client.generic("POST", THINGS, body, content_type=content_type, headers=headers)  # type: ignore[arg-type] # bytes it takes


def thing_with(field: str, json: str) -> bytes:
    """Write a thing whose field has exactly this JSON."""
    fields = {"name": '"Desk lamp"', "price": '"39.90"', field: json}
    return ("{" + ", ".join(f'"{name}": {value}' for name, value in fields.items()) + "}").encode()
