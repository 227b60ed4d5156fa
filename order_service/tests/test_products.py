"""The process's client of product_service: one for all threads, built at the first call."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from orders import products


def test_concurrent_first_calls_get_the_same_client() -> None:
    together = Barrier(16)

    def ask(_: int) -> int:
        together.wait()
        return id(products.client())

    with ThreadPoolExecutor(16) as threads:
        assert len(set(threads.map(ask, range(16)))) == 1
