"""Numbers in bodies: JSON's own, by their value, or decimals as strings in plain notation."""

import pytest
from rest_framework.test import APIClient

from service_kit.testing.problems import pointers
from tests.world import post_raw, thing_with
from things.models import Thing

pytestmark = pytest.mark.django_db
REFUSED = {
    "price": [
        *('"1_000"', '"١٢"', '"１２"', '"NaN"', '"sNaN"', '"Infinity"', '"1e2"', "1e999", "1E400", "1e-999"),  # noqa: RUF001 - full-width digits are the point
        *("1e999999999", '"1e999"', '" 5"', '"5 "', '"5\\n"', '"+5"', '"05"', '".5"', '"5."', '"0x10"', '"5,00"'),
        *('""', '"-0.01"', '"-0"', '"-0.00"', "-1", "1.001", "0.30000000000000004", '"1.001"', '"1.000"', "100000000"),
        *('"100000000.00"', '"' + "9" * 400 + '"', "true", "null", "[5]", '{"amount": 5}'),
    ],
    "amount": [
        *("-1", "1.5", "1e-1", "2147483648", "1e10", "1e999", "1e999999999", "9" * 30, '"1"', '"1_0"', '"٢"', "true"),
        *("false", "null", "[2]", "{}"),
    ],
    "maker_id": ["0", "-1", "1.5", str(2**53), str(2**63 - 1), str(2**63), '"1"', "null"],
}
TAKEN: dict[str, list[tuple[str, str | int]]] = {
    "price": [
        *(("0", "0.00"), ("-0.0", "0.00"), ("0e99", "0.00"), ("1e3", "1000.00"), ("1E+3", "1000.00")),
        *(("1e-1", "0.10"), ("1.10e1", "11.00"), ("1.000", "1.00"), ("19.99", "19.99")),
        *(("99999999.99", "99999999.99"), ('"0"', "0.00"), ('"19.9"', "19.90"), ('"99999999.99"', "99999999.99")),
    ],
    "amount": [("1", 1), ("1.0", 1), ("1.00", 1), ("1e2", 100), ("1.5e1", 15), ("-0.0", 0), ("0e99", 0)],
    "maker_id": [("1", 1), (str(2**53 - 1), 2**53 - 1)],
}


@pytest.mark.parametrize(("field", "json"), [(field, json) for field, refused in REFUSED.items() for json in refused])
def test_what_is_no_number_of_the_fields_kind_and_range_is_refused(writer: APIClient, field: str, json: str) -> None:
    response = post_raw(writer, thing_with(field, json))

    assert pointers(response) == [f"/{field}"]
    assert not Thing.objects.exists()


@pytest.mark.parametrize(
    ("field", "json", "value"), [(field, *pair) for field, taken in TAKEN.items() for pair in taken]
)
def test_a_number_is_what_it_is_worth_however_it_is_written(
    writer: APIClient, field: str, json: str, value: str | int
) -> None:
    response = post_raw(writer, thing_with(field, json))

    assert response.json()[field] == value
