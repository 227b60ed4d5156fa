"""Processes whose clock is wrong: the databases' clocks decide what is due, and how old it is."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from driver.programs import lacking
from driver.shop import Actor, Shop, unique
from driver.waiting import eventually
from operations.metrics import scrape
from stack.keys import HOUR, SCOPES, sign_token
from stack.part import Part
from stack.stack import Stack

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]

LIBRARY = "libfaketimeMT.so.1"  # the one for programs with threads
FOLDERS = ("/usr/lib", "/usr/local/lib", "/opt/homebrew/lib")
SYNCED_WITHIN = 15.0  # seconds of a product_service that answers
A_STEP = 30.0  # seconds within which the reconciler takes each of its steps, on a busy machine too


# With FAKETIME_DONT_FAKE_MONOTONIC, libfaketime 0.9.10 has Python's time.sleep fail with EINVAL.
SLEEP = "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], seconds)\n"


@pytest.fixture(scope="module")
def faketime(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of a process whose clock, but no duration, is shifted by FAKETIME."""
    found = (path for folder in FOLDERS for path in Path(folder).glob(f"**/faketime/{LIBRARY}"))
    library = next(found, None) or lacking("libfaketime was not found (apt-get install faketime)")
    folder = tmp_path_factory.mktemp("python")
    (folder / "sitecustomize.py").write_text(SLEEP)
    return {"LD_PRELOAD": str(library), "FAKETIME_DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": str(folder)}


@pytest.fixture(scope="module")
def stack(postgresql: Path, faketime: Mapping[str, str]) -> Iterator[Stack]:  # noqa: ARG001 - they skip where they are missing
    """A shop on PostgreSQL: its server is the only program whose clock stays right."""
    with Stack(database="postgresql") as running:
        yield running


@pytest.fixture(scope="module")
def shop(stack: Stack) -> Iterator[Shop]:
    opened = Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
    yield opened
    opened.close()


@pytest.fixture
def customer(shop: Shop) -> Actor:
    """A customer whose token holds for a host that is an hour ahead."""
    subject = f"customer-{uuid4()}"
    token = sign_token(shop.keys, subject=subject, scope=SCOPES["customer"], seconds=3 * HOUR)
    return shop.bearer(token, subject=subject)


@pytest.fixture
def product_id(shop: Shop) -> int:
    clerk = shop.actor("staff", "the clerk")
    return int(clerk.create_product(name=unique("Desk lamp"), stock_quantity=100).json()["id"])


def restart_with_clock(part: Part, shift: str, faketime: Mapping[str, str]) -> None:
    """
    Restart a part with a clock that is ahead or behind.

    :param shift: as faketime reads it: `+73h`, `-12s`.
    """
    part.stop()
    part.environment = {**part.environment, **faketime, "FAKETIME": shift}
    part.start()


def last_step(stack: Stack, step: str) -> float:
    """When the reconciler last took a step, by its own clock; 0 for not yet."""
    try:
        samples = scrape(stack.part("reconciler").metrics_url)
    except httpx.ConnectError:
        return 0
    return samples.total("reconciler_last_step_timestamp_seconds", step=step)


def test_a_reconciler_73_hours_ahead_clears_no_key(
    stack: Stack, customer: Actor, product_id: int, faketime: Mapping[str, str]
) -> None:
    first = customer.place_order(product_id=product_id, quantity=1, key="basket")
    restart_with_clock(stack.part("reconciler"), "+73h", faketime)
    eventually(lambda: last_step(stack, "forget keys"), bool, within=A_STEP)

    repeated = customer.place_order(product_id=product_id, quantity=1, key="basket")

    assert (repeated.status_code, repeated.json()) == (201, first.json())


def test_a_web_host_12_seconds_behind_has_no_order_aborted(
    stack: Stack, customer: Actor, product_id: int, faketime: Mapping[str, str]
) -> None:
    restart_with_clock(stack.part("order_service"), "-12s", faketime)
    restart_with_clock(stack.part("reconciler"), "+0s", faketime)
    decided = eventually(lambda: last_step(stack, "decide"), bool, within=A_STEP)

    with ThreadPoolExecutor(1) as pool:  # an order that is being placed while the reconciler looks for old ones
        stack.part("product_service").freeze()
        placing = pool.submit(customer.place_order, product_id=product_id, quantity=1)
        try:
            eventually(lambda: last_step(stack, "decide"), lambda now: now > decided + 1, within=A_STEP)
        finally:
            stack.part("product_service").thaw()
        placing.result()
    eventually(lambda: customer.place_order(product_id=product_id, quantity=1).status_code, (201).__eq__, within=A_STEP)

    gave_up = scrape(stack.part("reconciler").metrics_url).total("reconciler_gave_up_total", kind="placing")
    assert gave_up == 0


def test_a_web_host_an_hour_ahead_keeps_no_units_of_a_canceled_order(
    stack: Stack, shop: Shop, customer: Actor, product_id: int, faketime: Mapping[str, str]
) -> None:
    restart_with_clock(stack.part("order_service"), "+0s", faketime)
    placed = customer.place_order(product_id=product_id, quantity=3).json()
    restart_with_clock(stack.part("order_service"), "+1h", faketime)

    assert customer.cancel_order(placed["id"]).json()["status"] == "canceled"

    stock = eventually(
        lambda: shop.anonymous().get_product(product_id).json()["stock_quantity"], (100).__eq__, within=SYNCED_WITHIN
    )
    assert stock == 100
    changed = customer.get_order(placed["id"]).json()
    took = datetime.fromisoformat(changed["updated_at"]) - datetime.fromisoformat(placed["created_at"])
    assert timedelta(0) < took < timedelta(minutes=5)
