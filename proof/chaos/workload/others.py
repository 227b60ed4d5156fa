"""The other actors: clerks ship, deliver, restock and edit; agents look orders up; visitors browse the catalogue."""

from chaos.seen import OrderShown
from chaos.workload.client import Client
from chaos.workload.customers import ORDERS
from chaos.workload.shared import Workload

PRODUCTS = "/api/v1/products/"
SHIPPED = 100  # shipped orders that a clerk may deliver later
NAMES = ("Desk lamp", "Reading lamp", "Floor lamp", "Bedside lamp")


class Clerk:
    """A clerk of the staff."""

    def __init__(self, workload: Workload, number: int) -> None:
        self._workload = workload
        name = f"clerk-{number}"
        self._rng = workload.rng(name)
        token = workload.token(role="staff", subject=name)
        self._client = Client(workload, process=name, owner=name, token=token)
        self._shipped: list[OrderShown] = []
        self._keys = 0
        self._actions = [
            (12, self._ship),
            (8, self._deliver),
            (16, self._adjust),
            (8, self._edit_price),
            (3, self._edit_name),
            (6, self._correct_price),
            (3, self._list_all_orders),
        ]

    def act(self) -> None:
        (action,) = self._rng.choices([action for _, action in self._actions], [weight for weight, _ in self._actions])
        action()

    def _ship(self) -> None:
        if not self._workload.orders:
            return
        order = self._workload.orders[self._rng.randrange(len(self._workload.orders))]
        outcome = self._move("ship", order, "shipped")
        if outcome:
            self._shipped = [*self._shipped[-SHIPPED:], order]

    def _deliver(self) -> None:
        if self._shipped:
            self._move("deliver", self._shipped.pop(self._rng.randrange(len(self._shipped))), "delivered")

    def _move(self, kind: str, order: OrderShown, status: str) -> bool:
        outcome = self._client.request(
            kind,  # type: ignore[arg-type] # one of Kind
            f"{ORDERS}{order.id}/",
            {"status": status},
            order_id=order.id,
            product_id=order.product_id,
        )
        return outcome.is_ok

    def _adjust(self) -> None:
        """
        Move stock, with a key, and repeat that until the answer is final.

        What is given up may have counted or not, so that a later adjustment which counts twice would not stand out.
        """
        self._keys += 1
        product = self._rng.choice(self._workload.products)
        delta = self._rng.choice([10, 5, 20, -3, -8])
        for _ in range(8):
            outcome = self._client.request(
                "adjust-stock",
                f"{PRODUCTS}{product.id}/stock-adjustments/",
                {"delta": delta, "reason": "counted"},
                key=f"{self._client.owner}-{self._keys}",
                product_id=product.id,
                delta=delta,
            )
            if outcome.is_ok or outcome.is_refused:
                return
            self._workload.finished.wait(outcome.retry_after or 0.3)

    def _edit_price(self) -> None:
        self._edit(price=self._draw_price())

    def _draw_price(self) -> str:
        return f"{self._rng.randrange(1, 90)}.{self._rng.randrange(100):02}"

    def _edit_name(self) -> None:
        self._edit(name=f"{self._rng.choice(NAMES)} {self._rng.randrange(1000)}")

    def _edit(self, **fields: str) -> None:
        self._edit_product(self._rng.choice(self._workload.products).id, **fields)

    def _edit_product(self, product_id: int, **fields: str) -> None:
        self._client.request("edit-product", f"{PRODUCTS}{product_id}/", fields, product_id=product_id, **fields)

    def _correct_price(self) -> None:
        """Edit the price of an order's product, and request more units of the order; then with the old price again."""
        if not self._workload.orders:
            return
        order = self._rng.choice(self._workload.orders)
        for number, price in enumerate([self._draw_price(), order.unit_price], start=1):
            self._edit_product(order.product_id, price=price)
            self._increase(order, order.quantity + number * self._rng.randrange(2, 6))

    def _increase(self, order: OrderShown, quantity: int) -> None:
        self._client.request(
            "change",
            f"{ORDERS}{order.id}/",
            {"quantity": quantity},
            order_id=order.id,
            product_id=order.product_id,
            quantity=quantity,
        )

    def _list_all_orders(self) -> None:
        self._client.request("list-orders", f"{ORDERS}?page_size=20&status=pending")


class Agent:
    """An agent of the staff: reads orders, and cancels some for customers who call."""

    def __init__(self, workload: Workload, number: int) -> None:
        self._workload = workload
        name = f"agent-{number}"
        self._rng = workload.rng(name)
        self._client = Client(workload, process=name, owner=name, token=workload.token(role="staff", subject=name))

    def act(self) -> None:
        if not self._workload.orders:
            return
        order = self._rng.choice(self._workload.orders)
        match self._rng.randrange(10):
            case 0:
                body = {"status": "canceled"}
                self._client.request(
                    "cancel", f"{ORDERS}{order.id}/", body, order_id=order.id, product_id=order.product_id
                )
            case 1:
                self._client.request("list-orders", f"{ORDERS}?page_size=10&product_id={order.product_id}")
            case _:
                self._client.request("read-order", f"{ORDERS}{order.id}/", order_id=order.id)


class Visitor:
    """A visitor without a token, who browses the catalogue."""

    def __init__(self, workload: Workload, number: int) -> None:
        self._workload = workload
        name = f"visitor-{number}"
        self._rng = workload.rng(name)
        self._client = Client(workload, process=name, owner="", token=None)

    def act(self) -> None:
        product = self._rng.choice(self._workload.products)
        match self._rng.randrange(5):
            case 0:
                word = self._rng.choice(["lamp", "desk", "FLOOR"])
                self._client.request("list-products", f"{PRODUCTS}?name={word}&page_size=20")
            case 1:
                self._client.request("list-products", f"{PRODUCTS}?in_stock=true&ordering=price")
            case _:
                self._client.request("read-product", f"{PRODUCTS}{product.id}/", product_id=product.id)
