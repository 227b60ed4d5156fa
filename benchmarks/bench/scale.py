"""What a large shop costs: 1,000,000 products and 5,000,000 orders against 10,000 of each."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from statistics import median

import httpx
from stack.errors import StackError
from stack.keys import role_token
from stack.services import Service

from bench.comparison import compare
from bench.contender import Contender
from bench.designs import Shop
from bench.generator import fill_orders, fill_products
from bench.lineup import contender
from bench.progress import say
from bench.rounds import Bench, Setting
from bench.running import Running
from bench.stores import PostgresStore, copy_of
from bench.words import BROAD, COMMON, FREQUENT, rare_word

SIZES: Mapping[str, tuple[int, int]] = {"small": (10_000, 10_000), "large": (1_000_000, 5_000_000)}
TURNS = 3
ASKED = 100  # times, of each question
REFUSED = math.inf  # milliseconds: some statement hit the service's time limit
ORDERINGS = ("name", "price", "created_at")
CURSOR = """
from django.core import signing
from products.models import Product
from service_kit.rest.pagination import SALT
edge = Product.objects.order_by("-{ordering}", "-pk")[20]
print(signing.dumps(["{ordering}", str(edge.{ordering}), str(edge.pk), False], salt=SALT))
"""
Timings = dict[str, dict[str, float]]


def measure_scale(bench: Bench, *, sizes: Mapping[str, tuple[int, int]] = SIZES) -> dict[str, object]:
    """Return the database's time for each question at each size, in milliseconds, and how order placement compares."""
    shops = {size: contender(bench.site, size) for size in sizes}
    for size, (products, orders) in sizes.items():
        say(f"Making a {size} shop: {products:,} products, {orders:,} orders ...")
        _fill(shops[size], products=products, orders=orders)
    placement = compare(bench, list(shops.values()), Setting(), name="placement", turns=TURNS, fresh=False)
    timings = [_time_questions(bench, shops) for _ in range(TURNS)]
    middle = {
        question: {size: median(turn[question][size] for turn in timings) for size in sizes} for question in timings[0]
    }
    return {"timings": middle, "placement": asdict(placement), "sizes": {size: list(sizes[size]) for size in sizes}}


def _fill(shop: Contender, *, products: int, orders: int) -> None:
    fillers = {"product_service": fill_products, "order_service": fill_orders}
    for store in shop.stores:
        if not isinstance(store, PostgresStore):
            raise TypeError("Only a database of the server's is filled by COPY.")
        store.server.create(store.name)
        store.tables.make()
        store.server.rename(store.name, store.copy)  # too large to be copied for each round
        store.server.watch(store.copy)
        with store.server.connect(store.copy) as connection:
            fillers[store.name.split("_", 1)[1]](connection, products=products, orders=orders)


def _time_questions(bench: Bench, shops: Mapping[str, Contender]) -> Timings:
    found: Timings = {}
    for size, shop in shops.items():
        with bench.start(shop) as running:
            products = Shop("", "", prefix=f"{size}_").services(running.site, copy_of)["product_service"]
            for question, paths in _questions(products).items():
                pattern = "%WHERE%owner%" if question.startswith("orders") else "%products_product%"
                took = _database_ms(bench, running, paths, pattern=pattern)
                found.setdefault(question, {})[size] = took
                say(f"a {size} shop, {question}: {took:.2f} ms")
    return found


def _questions(products: Service) -> dict[str, Callable[[int], str]]:
    """The requests, each time slightly different."""
    asked: dict[str, Callable[[int], str]] = {
        "name search, ten products have the word": lambda n: _search(rare_word(n * 9)),
        "name search, a part of that word": lambda n: _search(rare_word(n * 9)[2:8]),
        "name search, 1 of 2,000 products has the word": lambda n: _search(FREQUENT[n]),
        "name search, 1 of 100 products has the word": lambda n: _search(COMMON[n % len(COMMON)]),
        "name search, 3 of 10 products have the word, at the far end": lambda _: _search(BROAD),
        "name search, nothing found": lambda n: _search(f"xqyc{n}"),
        "orders of one customer": lambda _: "/api/v1/orders/",
        "orders of one customer, pending": lambda _: "/api/v1/orders/?status=pending",
    }
    for ordering in ORDERINGS:
        cursor = products.run("shell", "-c", CURSOR.format(ordering=ordering)).strip().splitlines()[-1]
        page = f"/api/v1/products/?ordering={ordering}"
        asked[f"first page by {ordering}"] = lambda _, page=page: page  # type: ignore[misc] # bound defaults
        asked[f"last page by {ordering}"] = lambda _, page=page, cursor=cursor: f"{page}&cursor={cursor}"  # type: ignore[misc] # bound defaults
    return asked


def _search(words: str) -> str:
    return f"/api/v1/products/?name={words}"


def _database_ms(bench: Bench, running: Running, path: Callable[[int], str], *, pattern: str) -> float:
    """Ask a hundred times over HTTP. Return what the database took for it on average, in milliseconds."""
    token = role_token(bench.site.keys, role="customer", subject="customer-7919")
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=running.url, headers=headers, timeout=10, trust_env=False) as client:
        answered = _ask(client, path, times=10)
        bench.server.forget_statements()
        answered = answered and _ask(client, path, times=ASKED)
    return bench.server.statement_ms(pattern) if answered else REFUSED


def _ask(client: httpx.Client, path: Callable[[int], str], *, times: int) -> bool:
    """
    Return whether all of it was answered: a search that reads too much is refused, by 422, and then no more are sent.

    :raises StackError: if the answer is another one.
    """
    for number in range(times):
        status = client.get(path(number)).status_code
        if status == httpx.codes.UNPROCESSABLE_ENTITY:
            return False
        if status != httpx.codes.OK:
            raise StackError(f"{path(number)} was answered by {status}.")
    return True
