"""The command that places an order by the product's name."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orders.models import Order
from products_stand_in.api import FakeProductsApi
from tests.checks import agrees
from tests.factories import only_order

pytestmark = pytest.mark.django_db


def run(product: str, quantity: int = 2, **options: str) -> str:
    out = StringIO()
    call_command("place_order", product=product, quantity=quantity, stdout=out, **options)
    return out.getvalue()


def refusal(product: str, quantity: int = 2, **options: str) -> str:
    with pytest.raises(CommandError) as raised:
        run(product, quantity, **options)
    return str(raised.value)


def test_an_order_is_placed_by_name(products: FakeProductsApi, lamp: int) -> None:
    printed = run("Desk lamp")

    order = only_order()
    assert printed == f"Order {order.pk}: 2 x Desk lamp at 19.90\n"
    assert (order.owner, order.product_id, order.placement) == ("command-line", lamp, "live")
    assert agrees(products, lamp)


def test_the_options_are_those_of_a_shell(products: FakeProductsApi, lamp: int) -> None:
    out = StringIO()

    call_command("place_order", "--product", "Desk lamp", "--quantity", "3", "--owner", "alice", stdout=out)

    assert (only_order().owner, only_order().quantity) == ("alice", 3)


@pytest.mark.parametrize("name", ["desk lamp", "DESK LAMP"])
@pytest.mark.usefixtures("lamp")
def test_the_name_may_be_in_any_case(name: str) -> None:
    run(name)

    assert only_order().product_name == "Desk lamp"


def test_a_similar_name_is_not_enough(products: FakeProductsApi, lamp: int) -> None:
    products.add_product(name="Desk lamp, large")

    assert run("Desk lamp")
    assert only_order().product_id == lamp


def test_a_name_that_several_products_have_is_refused(products: FakeProductsApi) -> None:
    first, second = products.add_product(), products.add_product(name="desk LAMP")

    assert refusal("Desk lamp") == (
        f"2 products are named 'Desk lamp' (ids {first}, {second}): order by id over the API."
    )
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("name", "hint"), [("Sofa", ""), ("Relic", ""), ("lamp", " Similar: 'Desk lamp', 'Floor lamp'.")]
)
def test_an_unknown_name_is_refused_with_a_hint(products: FakeProductsApi, lamp: int, name: str, hint: str) -> None:
    products.add_product(name="Floor lamp")
    products.add_product(name="Relic", is_active=False)

    assert refusal(name) == f"No product is named {name!r}.{hint}"
    assert not Order.objects.exists()


def test_a_product_beyond_the_first_page_is_found(products: FakeProductsApi) -> None:
    products.page_limit = 2
    for number in range(7):
        products.add_product(name=f"Lamp {number}")
    products.add_product(name="lamp")

    run("Lamp")

    assert only_order().product_id == 8


@pytest.mark.parametrize("quantity", [0, -1, 2**31])
@pytest.mark.usefixtures("lamp")
def test_a_quantity_that_no_order_has_is_refused(quantity: int) -> None:
    assert refusal("Desk lamp", quantity) == "The quantity must be from 1 to 2147483647."


def test_more_than_the_stock_is_refused(products: FakeProductsApi, lamp: int) -> None:
    assert refusal("Desk lamp", 11) == f"Product {lamp} has too little stock for a quantity of 11."
    assert products.stock(lamp) == 10


def test_a_product_may_have_more_units_than_one_order_can(products: FakeProductsApi) -> None:
    screw = products.add_product(name="Screw", stock=2**33)
    run("Screw")
    assert agrees(products, screw, adjusted=2**33)


@pytest.mark.parametrize(
    ("answered", "message", "rows"),
    [(0, "find_products: ConnectError", 0), (1, "The order was not placed: its stock could not be confirmed", 1)],
    ids=["the search", "the reservation"],
)
@pytest.mark.usefixtures("lamp")
def test_a_failed_call_is_reported(products: FakeProductsApi, answered: int, message: str, rows: int) -> None:
    def stop(_: object) -> None:
        products.unreachable = len(products.requests) > answered

    products.on_request = stop

    assert refusal("Desk lamp").startswith(message)
    assert Order.objects.count() == rows


def test_a_repeated_key_places_nothing_twice(products: FakeProductsApi, lamp: int) -> None:
    first = run("Desk lamp", key="k")

    again = run("Desk lamp", key="k")

    assert again == first.rstrip() + " (placed before)\n"
    assert Order.objects.count() == 1
    assert products.stock(lamp) == 8


@pytest.mark.usefixtures("lamp")
def test_a_key_that_stands_for_another_order_is_refused() -> None:
    run("Desk lamp", key="k")

    assert refusal("Desk lamp", 3, key="k") == "This idempotency key was used for another order."


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("key", value) for value in ("", "k" * 256, "ключ")),
        *(("owner", value) for value in ("", "x" * 256, "admin:root1")),
    ],
)
@pytest.mark.usefixtures("lamp")
def test_a_malformed_key_and_an_owner_that_no_token_can_name_are_refused(option: str, value: str) -> None:
    assert option in refusal("Desk lamp", 2, **{option: value}).lower()
    assert not Order.objects.exists()
