"""Customers: they place orders, repeat requests as documented, change orders and cancel them."""

import threading
from collections.abc import Callable

from chaos.seen import OrderShown
from chaos.workload.client import Client, Outcome
from chaos.workload.shared import Workload

ORDERS = "/api/v1/orders/"
OWN = 60  # orders that a customer keeps in mind for later requests
REPEATED_FOR = 40.0  # seconds for which a customer repeats a request before giving up
BURST = 4  # requests at once with one key


class Customer:
    """One customer with a token and some orders."""

    def __init__(self, workload: Workload, number: int) -> None:
        self._workload = workload
        name = f"customer-{number}"
        self._rng = workload.rng(name)
        token = workload.token(role="customer", subject=name)
        self._client = Client(workload, process=name, owner=name, token=token)
        self._parallel_clients = [
            Client(workload, process=f"{name}.{client}", owner=name, token=token) for client in range(1, BURST + 1)
        ]
        self._own: list[OrderShown] = []
        self._keys = 0
        self._used: list[tuple[str, int, int]] = []  # keys, with product and quantity
        self._actions = [
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
        """Take one random action."""
        (action,) = self._rng.choices([action for _, action in self._actions], [weight for weight, _ in self._actions])
        action()

    # ---- order placement ----

    def _draw_request(self) -> tuple[str, int, int]:
        self._keys += 1
        product = self._rng.choice(self._workload.products)
        return f"{self._client.owner}-{self._keys}", product.id, self._rng.choice([1, 1, 1, 2, 2, 3, 5])

    def _place(self) -> None:
        """Repeat a request with its key until the answer is final, as docs/errors.md says."""
        key, product_id, quantity = self._draw_request()
        self._used = [*self._used[-20:], (key, product_id, quantity)]
        self._repeat_until_final(lambda: self._request_order(self._client, key, product_id, quantity))

    def _place_without_key(self) -> None:
        _, product_id, quantity = self._draw_request()
        self._request_order(self._client, None, product_id, quantity)

    def _burst(self) -> None:
        """Send several requests at once, with one key."""
        key, product_id, quantity = self._draw_request()
        threads = [
            threading.Thread(target=self._request_order, args=(client, key, product_id, quantity))
            for client in self._parallel_clients
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._repeat_until_final(lambda: self._request_order(self._client, key, product_id, quantity))

    def _use_a_key_again(self) -> None:
        """Request something else with a used key."""
        if self._used:
            key, product_id, quantity = self._rng.choice(self._used)
            self._request_order(self._client, key, product_id, quantity + 1)

    def _repeat_an_old_request(self) -> None:
        if self._used:
            self._request_order(self._client, *self._rng.choice(self._used))

    def _vanish(self) -> None:
        key, product_id, quantity = self._draw_request()
        self._used = [*self._used[-20:], (key, product_id, quantity)]
        self._client.vanish(
            "place",
            ORDERS,
            {"product_id": product_id, "quantity": quantity},
            key=key,
            share=self._rng.choice([0.3, 0.9, 1.0, 1.0, 1.0]),
            after=self._rng.uniform(0.0, 0.05),
            product_id=product_id,
            quantity=quantity,
        )

    def _request_order(self, client: Client, key: str | None, product_id: int, quantity: int) -> Outcome:
        body = {"product_id": product_id, "quantity": quantity}
        outcome = client.request("place", ORDERS, body, key=key, product_id=product_id, quantity=quantity)
        if outcome.is_ok and outcome.answer is not None:
            self._own = [*self._own[-OWN:], *outcome.answer.orders]
            self._workload.orders.extend(outcome.answer.orders)
        return outcome

    def _repeat_until_final(self, send: Callable[[], Outcome]) -> None:
        """Repeat a request until its answer is final."""
        until = self._workload.journal.now().at + REPEATED_FOR
        while not self._workload.finished.is_set() and self._workload.journal.now().at < until:
            outcome = send()
            if outcome.is_ok or outcome.is_refused:
                return
            self._workload.finished.wait(outcome.retry_after or self._rng.uniform(0.1, 0.5))

    # ---- afterwards ----

    def _change(self) -> None:
        if self._own:
            order = self._rng.choice(self._own)
            quantity = max(1, order.quantity + self._rng.choice([-2, -1, -1, 1, 1, 2, 4]))
            self._patch("change", order, {"quantity": quantity}, quantity=quantity)

    def _cancel(self) -> None:
        if self._own:
            order = self._own.pop(self._rng.randrange(len(self._own)))
            outcome = self._patch("cancel", order, {"status": "canceled"})
            if outcome.is_unknown:
                self._own.append(order)  # to be canceled again later, which does no harm

    def _patch(self, kind: str, order: OrderShown, body: object, **about: int) -> Outcome:
        path = f"{ORDERS}{order.id}/"
        return self._client.request(kind, path, body, order_id=order.id, product_id=order.product_id, **about)  # type: ignore[arg-type] # one of Kind

    def _read(self) -> None:
        if self._own:
            order = self._rng.choice(self._own)
            self._client.request("read-order", f"{ORDERS}{order.id}/", order_id=order.id)

    def _list(self) -> None:
        self._client.request("list-orders", f"{ORDERS}?page_size={self._rng.choice([5, 20])}")
