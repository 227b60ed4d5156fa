"""The process's client of product_service: one for all threads, made when it is first needed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from orders import products


def test_sixteen_threads_that_ask_first_get_the_same_client() -> None:
    together = Barrier(16)

    def ask(_: int) -> int:
        together.wait()
        return id(products.client())

    with ThreadPoolExecutor(16) as threads:
        assert len(set(threads.map(ask, range(16)))) == 1
