"""Numbers in bodies: JSON's own, by their value, or decimals as strings in plain notation."""

import pytest
from rest_framework.test import APIClient

from service_kit.testing.problems import pointers
from tests.world import post_raw, thing_with
from things.models import Thing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "price",
    [
        *('"1_000"', '"١٢"', '"１２"', '"NaN"', '"sNaN"', '"Infinity"', '"1e2"', "1e999", "1E400", "1e-999"),  # noqa: RUF001 - full-width digits are the point
        *("1e999999999", '"1e999"', '" 5"', '"5 "', '"5\\n"', '"+5"', '"05"', '".5"', '"5."', '"0x10"', '"5,00"'),
        *('""', '"-0.01"', '"-0"', '"-0.00"', "-1", "1.001", "0.30000000000000004", '"1.001"', '"1.000"', "100000000"),
        *('"100000000.00"', '"' + "9" * 400 + '"', "true", "null", "[5]", '{"amount": 5}'),
    ],
)
def test_a_price_that_is_no_decimal_of_its_range_is_refused(writer: APIClient, price: str) -> None:
    response = post_raw(writer, thing_with("price", price))

    assert pointers(response) == ["/price"]
    assert not Thing.objects.exists()


@pytest.mark.parametrize(
    ("price", "stored"),
    [
        *(("0", "0.00"), ("-0.0", "0.00"), ("0e99", "0.00"), ("1e3", "1000.00"), ("1E+3", "1000.00")),
        *(("1e-1", "0.10"), ("1.10e1", "11.00"), ("1.000", "1.00"), ("19.99", "19.99")),
        *(("99999999.99", "99999999.99"), ('"0"', "0.00"), ('"19.9"', "19.90"), ('"99999999.99"', "99999999.99")),
    ],
)
def test_a_price_is_what_its_number_is_worth(writer: APIClient, price: str, stored: str) -> None:
    response = post_raw(writer, thing_with("price", price))

    assert response.json()["price"] == stored


@pytest.mark.parametrize(
    "amount",
    [
        *("-1", "1.5", "1e-1", "2147483648", "1e10", "1e999", "1e999999999", "9" * 30, '"1"', '"1_0"', '"٢"', "true"),
        *("false", "null", "[2]", "{}"),
    ],
)
def test_an_amount_that_is_no_whole_number_of_its_range_is_refused(writer: APIClient, amount: str) -> None:
    response = post_raw(writer, thing_with("amount", amount))

    assert pointers(response) == ["/amount"]
    assert not Thing.objects.exists()


@pytest.mark.parametrize(
    ("amount", "stored"), [("1", 1), ("1.0", 1), ("1.00", 1), ("1e2", 100), ("1.5e1", 15), ("-0.0", 0), ("0e99", 0)]
)
def test_a_whole_number_may_be_written_like_any_other(writer: APIClient, amount: str, stored: int) -> None:
    response = post_raw(writer, thing_with("amount", amount))

    assert response.json()["amount"] == stored


@pytest.mark.parametrize("maker", ["0", "-1", "1.5", str(2**53), str(2**63 - 1), str(2**63), '"1"', "null"])
def test_an_id_that_no_language_could_read_exactly_is_refused(writer: APIClient, maker: str) -> None:
    response = post_raw(writer, thing_with("maker_id", maker))

    assert pointers(response) == ["/maker_id"]


@pytest.mark.parametrize("maker", [1, 2**53 - 1])
def test_the_smallest_and_the_largest_id_are_taken(writer: APIClient, maker: int) -> None:
    response = post_raw(writer, thing_with("maker_id", str(maker)))

    assert response.json()["maker_id"] == maker
