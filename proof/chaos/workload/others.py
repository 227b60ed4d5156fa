"""Whoever is no customer: clerks, who ship, deliver, restock and edit, and visitors, who look."""

from chaos.history import OrderShown
from chaos.workload.client import Client
from chaos.workload.customers import ORDERS
from chaos.workload.stage import Stage

PRODUCTS = "/api/v1/products/"
SHIPPED = 100  # orders that a clerk remembers to deliver
NAMES = ("Desk lamp", "Reading lamp", "Floor lamp", "Bedside lamp")


class Clerk:
    """Somebody of the staff."""

    def __init__(self, stage: Stage, number: int) -> None:
        self._stage = stage
        name = f"clerk-{number}"
        self._luck = stage.chance(name)
        token = stage.token(role="staff", subject=name)
        self._client = Client(stage, process=name, owner=name, token=token)
        self._shipped: list[OrderShown] = []
        self._keys = 0
        self._things = [
            (12, self._ship),
            (8, self._deliver),
            (16, self._adjust),
            (8, self._edit_price),
            (3, self._edit_name),
            (3, self._look_at_all_orders),
        ]

    def act(self) -> None:
        (thing,) = self._luck.choices([do for _, do in self._things], [weight for weight, _ in self._things])
        thing()

    def _ship(self) -> None:
        if not self._stage.orders:
            return
        order = self._stage.orders[self._luck.randrange(len(self._stage.orders))]
        told = self._move("ship", order, "shipped")
        if told:
            self._shipped = [*self._shipped[-SHIPPED:], order]

    def _deliver(self) -> None:
        if self._shipped:
            self._move("deliver", self._shipped.pop(self._luck.randrange(len(self._shipped))), "delivered")

    def _move(self, kind: str, order: OrderShown, status: str) -> bool:
        told = self._client.ask(
            kind,  # type: ignore[arg-type] # one of Kind
            f"{ORDERS}{order.id}/",
            {"status": status},
            order_id=order.id,
            product_id=order.product_id,
        )
        return told.is_ok

    def _adjust(self) -> None:
        """Move stock, with a key, and repeat that until the answer is final."""
        self._keys += 1
        product = self._luck.choice(self._stage.products)
        delta = self._luck.choice([10, 5, 20, -3, -8])
        for _ in range(self._luck.choice([1, 6])):
            told = self._client.ask(
                "adjust-stock",
                f"{PRODUCTS}{product.id}/stock-adjustments/",
                {"delta": delta, "reason": "counted"},
                key=f"{self._client.owner}-{self._keys}",
                product_id=product.id,
                delta=delta,
            )
            if told.is_ok or told.is_refused:
                return
            self._stage.over.wait(told.retry_after or 0.3)

    def _edit_price(self) -> None:
        price = f"{self._luck.randrange(1, 90)}.{self._luck.randrange(100):02}"
        self._edit(price=price)

    def _edit_name(self) -> None:
        self._edit(name=f"{self._luck.choice(NAMES)} {self._luck.randrange(1000)}")

    def _edit(self, **fields: str) -> None:
        product = self._luck.choice(self._stage.products)
        self._client.ask("edit-product", f"{PRODUCTS}{product.id}/", fields, product_id=product.id, **fields)

    def _look_at_all_orders(self) -> None:
        self._client.ask("list-orders", f"{ORDERS}?page_size=20&status=pending")


class Agent:
    """Somebody of the staff who answers the telephone: looks orders up, and cancels some for those who call."""

    def __init__(self, stage: Stage, number: int) -> None:
        self._stage = stage
        name = f"agent-{number}"
        self._luck = stage.chance(name)
        self._client = Client(stage, process=name, owner=name, token=stage.token(role="staff", subject=name))

    def act(self) -> None:
        if not self._stage.orders:
            return
        order = self._luck.choice(self._stage.orders)
        match self._luck.randrange(10):
            case 0:
                body = {"status": "canceled"}
                self._client.ask("cancel", f"{ORDERS}{order.id}/", body, order_id=order.id, product_id=order.product_id)
            case 1:
                self._client.ask("list-orders", f"{ORDERS}?page_size=10&product_id={order.product_id}")
            case _:
                self._client.ask("read-order", f"{ORDERS}{order.id}/", order_id=order.id)


class Visitor:
    """Somebody without a token, who looks at the catalogue."""

    def __init__(self, stage: Stage, number: int) -> None:
        self._stage = stage
        name = f"visitor-{number}"
        self._luck = stage.chance(name)
        self._client = Client(stage, process=name, owner="", token=None)

    def act(self) -> None:
        product = self._luck.choice(self._stage.products)
        match self._luck.randrange(5):
            case 0:
                word = self._luck.choice(["lamp", "desk", "FLOOR"])
                self._client.ask("list-products", f"{PRODUCTS}?name={word}&page_size=20")
            case 1:
                self._client.ask("list-products", f"{PRODUCTS}?in_stock=true&ordering=price")
            case _:
                self._client.ask("read-product", f"{PRODUCTS}{product.id}/", product_id=product.id)
