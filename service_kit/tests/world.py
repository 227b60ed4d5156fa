"""What the tests' stories are made of."""

from decimal import Decimal
from itertools import count

from things.models import Thing

numbers = count(1)
THINGS = "/api/v1/things/"
ADMIN = "/admin/things/"


def add_thing(*, name: str = "", price: str = "10.00") -> Thing:
    return Thing.objects.create(name=name or f"Thing {next(numbers)}", price=Decimal(price))
