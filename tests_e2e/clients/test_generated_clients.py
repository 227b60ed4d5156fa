"""Programs with generated clients list products, create one, place an order, repeat it, and read a refusal."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from clients.generators import GENERATORS, run
from driver.shop import Actor, Shop, unique

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("generator", GENERATORS)
def test_a_program_with_generated_clients_uses_the_shop(
    shop: Shop, clerk: Actor, customer: Actor, generator: str, tmp_path: Path
) -> None:
    program = GENERATORS[generator](tmp_path)
    tokens = {"STAFF": clerk.token or "", "CUSTOMER": customer.token or ""}
    wanted = {"SHOP": shop.public_url, "NAME": unique("Desk lamp"), "KEY": str(uuid4())}

    seen = json.loads(run(program, folder=tmp_path, variables={**tokens, **wanted}))

    (product,) = clerk.list_products(name=wanted["NAME"]).json()["results"]
    assert seen == {
        "product": product["id"],
        "price": "19.90",
        "created_in": datetime.now(UTC).year,
        "listed": [product["id"]],
        "next": None,
        "order": [product["id"], 2, "39.80", "pending"],
        "is_repeated": "true",
        "refusal": [409, 409, "/problems/insufficient-stock", []],
    }
    assert [order["quantity"] for order in customer.list_orders().json()["results"]] == [2]
