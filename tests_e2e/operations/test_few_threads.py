"""More kept connections than threads: a thread that waits on its own connection for more does not starve the others."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from uuid import uuid4

import pytest

from driver.shop import Actor, Shop
from stack.registry import SERVICES
from stack.stack import Stack

THREADS = {"WEB_CONCURRENCY": "1", "WEB_THREADS": "2"}
CLIENTS = 12
REQUESTS = 25


@pytest.fixture(scope="module")
def narrow_shop() -> Iterator[Shop]:
    with Stack(env=dict.fromkeys(SERVICES, THREADS)) as running:
        opened = Shop(public_url=running.public_url, internal_url=running.internal_url, keys=running.keys)
        yield opened
        opened.close()


def read_again_and_again(reader: Actor, times: int) -> list[int]:
    return [reader.list_orders().status_code for _ in range(times)]


def test_every_connection_is_served_while_all_are_busy(narrow_shop: Shop) -> None:
    readers = [narrow_shop.actor("customer", f"reader-{uuid4()}") for _ in range(CLIENTS)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = list(pool.map(read_again_and_again, readers, repeat(REQUESTS)))

    assert statuses == [[200] * REQUESTS] * CLIENTS
