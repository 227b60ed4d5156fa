"""A greedy customer: one owner with very many connections, each of which orders again and again without a rest."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from chaos.names import GREEDY
from chaos.planned import Planned
from chaos.workload.client import Client
from chaos.workload.customers import ORDERS
from chaos.workload.shared import Workload


def order_greedily(workload: Workload, fault: Planned, number: int) -> int:
    """Order while the fault lasts, over `fault.count` connections. Return how many requests that were."""
    until = time.monotonic() + fault.seconds
    product = workload.products[-1]  # the one with the largest stock
    token = workload.token(role="customer", subject=GREEDY)
    body = {"product_id": product.id, "quantity": 1}

    def order(connection: int) -> int:
        requests = 0
        with closing(Client(workload, process=f"{GREEDY}-{number}.{connection}", owner=GREEDY, token=token)) as client:
            while time.monotonic() < until and not workload.finished.is_set():
                requests += 1
                client.request(
                    "place",
                    ORDERS,
                    body,
                    key=f"{number}-{connection}-{requests}",
                    product_id=product.id,
                    quantity=1,
                )
        return requests

    with ThreadPoolExecutor(fault.count) as threads:
        return sum(threads.map(order, range(fault.count)))
