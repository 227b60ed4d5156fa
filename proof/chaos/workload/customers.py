"""Customers: they order, repeat themselves as the documents say, change their minds, and cancel."""

import threading
from collections.abc import Callable

from chaos.history import OrderShown
from chaos.workload.client import Client, Told
from chaos.workload.stage import Stage

ORDERS = "/api/v1/orders/"
OWN = 60  # orders that a customer remembers
PERSISTENT = 40.0  # seconds for which a customer repeats a request before giving up
BURST = 4  # requests at once with one key


class Customer:
    """One person with a token and some orders."""

    def __init__(self, stage: Stage, number: int) -> None:
        self._stage = stage
        name = f"customer-{number}"
        self._luck = stage.chance(name)
        token = stage.token(role="customer", subject=name)
        self._client = Client(stage, process=name, owner=name, token=token)
        self._hands = [Client(stage, process=f"{name}.{hand}", owner=name, token=token) for hand in range(1, BURST + 1)]
        self._own: list[OrderShown] = []
        self._keys = 0
        self._used: list[tuple[str, int, int]] = []  # keys, with product and quantity
        self._things = [
            (30, self._place),
            (4, self._place_without_key),
            (5, self._burst),
            (4, self._use_a_key_again),
            (4, self._repeat_an_old_request),
            (4, self._vanish),
            (12, self._change),
            (9, self._cancel),
            (20, self._read),
            (8, self._list),
        ]

    def act(self) -> None:
        """Do one thing."""
        (thing,) = self._luck.choices([do for _, do in self._things], [weight for weight, _ in self._things])
        thing()

    # ---- placing ----

    def _wish(self) -> tuple[str, int, int]:
        self._keys += 1
        product = self._luck.choice(self._stage.products)
        return f"{self._client.owner}-{self._keys}", product.id, self._luck.choice([1, 1, 1, 2, 2, 3, 5])

    def _place(self) -> None:
        """Ask with one key until the answer is final, as docs/errors.md says."""
        key, product_id, quantity = self._wish()
        self._used = [*self._used[-20:], (key, product_id, quantity)]
        self._persist(lambda: self._ask_for(self._client, key, product_id, quantity))

    def _place_without_key(self) -> None:
        _, product_id, quantity = self._wish()
        self._ask_for(self._client, None, product_id, quantity)

    def _burst(self) -> None:
        """Ask several times at once, with one key."""
        key, product_id, quantity = self._wish()
        threads = [
            threading.Thread(target=self._ask_for, args=(hand, key, product_id, quantity)) for hand in self._hands
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._persist(lambda: self._ask_for(self._client, key, product_id, quantity))

    def _use_a_key_again(self) -> None:
        """Ask for something else with a key that was used before."""
        if self._used:
            key, product_id, quantity = self._luck.choice(self._used)
            self._ask_for(self._client, key, product_id, quantity + 1)

    def _repeat_an_old_request(self) -> None:
        if self._used:
            self._ask_for(self._client, *self._luck.choice(self._used))

    def _vanish(self) -> None:
        key, product_id, quantity = self._wish()
        self._used = [*self._used[-20:], (key, product_id, quantity)]
        self._client.vanish(
            "place",
            ORDERS,
            {"product_id": product_id, "quantity": quantity},
            key=key,
            share=self._luck.choice([0.3, 0.9, 1.0, 1.0, 1.0]),
            after=self._luck.uniform(0.0, 0.05),
            product_id=product_id,
            quantity=quantity,
        )

    def _ask_for(self, client: Client, key: str | None, product_id: int, quantity: int) -> Told:
        body = {"product_id": product_id, "quantity": quantity}
        told = client.ask("place", ORDERS, body, key=key, product_id=product_id, quantity=quantity)
        if told.is_ok and told.answer is not None:
            self._own = [*self._own[-OWN:], *told.answer.orders]
            self._stage.orders.extend(told.answer.orders)
        return told

    def _persist(self, ask: Callable[[], Told]) -> None:
        """Repeat a request that may be repeated until it is answered for good."""
        until = self._stage.journal.now().at + PERSISTENT
        while not self._stage.over.is_set() and self._stage.journal.now().at < until:
            told = ask()
            if told.is_ok or told.is_refused:
                return
            self._stage.over.wait(told.retry_after or self._luck.uniform(0.1, 0.5))

    # ---- afterwards ----

    def _change(self) -> None:
        if self._own:
            order = self._luck.choice(self._own)
            quantity = max(1, order.quantity + self._luck.choice([-2, -1, -1, 1, 1, 2, 4]))
            self._patch("change", order, {"quantity": quantity}, quantity=quantity)

    def _cancel(self) -> None:
        if self._own:
            order = self._own.pop(self._luck.randrange(len(self._own)))
            told = self._patch("cancel", order, {"status": "canceled"})
            if told.is_unknown:
                self._own.append(order)  # to be canceled another time, which does no harm

    def _patch(self, kind: str, order: OrderShown, body: object, **about: int) -> Told:
        path = f"{ORDERS}{order.id}/"
        return self._client.ask(kind, path, body, order_id=order.id, product_id=order.product_id, **about)  # type: ignore[arg-type] # one of Kind

    def _read(self) -> None:
        if self._own:
            order = self._luck.choice(self._own)
            self._client.ask("read-order", f"{ORDERS}{order.id}/", order_id=order.id)

    def _list(self) -> None:
        self._client.ask("list-orders", f"{ORDERS}?page_size={self._luck.choice([5, 20])}")
