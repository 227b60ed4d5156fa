"""Uses a shop through the clients that openapi-python-client makes."""

import json
import os

from order_service import AuthenticatedClient as OrderClient
from order_service.api.orders import place_order
from order_service.models import Order, PlaceOrderRequest, StatusEnum
from order_service.models import Problem as OrderProblem
from order_service.types import Response
from product_service import AuthenticatedClient as ProductClient
from product_service.api.products import create_product, list_products
from product_service.models import ListProductsOrdering, PaginatedProductList, Product, ProductInputRequest

SHOP, NAME, KEY = os.environ["SHOP"], os.environ["NAME"], os.environ["KEY"]
products = ProductClient(base_url=SHOP, token=os.environ["STAFF"])
orders = OrderClient(base_url=SHOP, token=os.environ["CUSTOMER"])

lamp = ProductInputRequest(name=NAME, description="", price="19.90", stock_quantity=5, external_reference=None)
product = create_product.sync(client=products, body=lamp)
assert isinstance(product, Product), product

page = list_products.sync(client=products, name=NAME, ordering=ListProductsOrdering.PRICE_DESCENDING, page_size=10)
assert isinstance(page, PaginatedProductList), page


def place(product_id: int, quantity: int, key: str) -> Response[Order | OrderProblem]:
    """Place an order."""
    body = PlaceOrderRequest(product_id=product_id, quantity=quantity)
    return place_order.sync_detailed(client=orders, body=body, idempotency_key=key)


placed, repeated = place(product.id, 2, KEY), place(product.id, 2, KEY)
assert isinstance(placed.parsed, Order), placed
assert isinstance(repeated.parsed, Order), repeated
status: StatusEnum = placed.parsed.status

refused = place(product.id, 1000, f"{KEY}-2")
assert isinstance(refused.parsed, OrderProblem), refused

print(
    json.dumps(
        {
            "product": product.id,
            "price": product.price,
            "created_in": product.created_at.year,
            "listed": [each.id for each in page.results],
            "next": page.next_,
            "order": [placed.parsed.product_id, placed.parsed.quantity, placed.parsed.total_price, status],
            "is_repeated": repeated.parsed.id == placed.parsed.id and repeated.headers["Idempotent-Replayed"],
            "refusal": [
                refused.status_code,
                refused.parsed.status,
                refused.parsed.type_,
                refused.parsed.errors,
            ],
        }
    )
)
