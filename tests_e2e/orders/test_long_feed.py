"""A follower that starts at the beginning of a million events reads them fast, and in constant memory."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from driver.shop import Shop
from stack.keys import Keys, make_keys
from stack.places import REPOSITORY
from stack.postgres import find_postgres
from stack.stack import Stack

ORDERS, EVENTS = 100_000, 1_000_000
SLOWEST = 1_500  # events/s, on a machine that is busy with other tests
GROWTH = 10.0  # MiB, from a tenth of the events to the end
FOLLOWER = REPOSITORY / "proof" / "chaos" / "follower.py"
COPIED = """
owner, product_id, product_name, unit_price, quantity, placed_quantity, status, placement, failure, revision,
synced_revision, attempts, created_at, updated_at, placed_at
"""
FILL = f"""
INSERT INTO orders_order ({COPIED}, reservation_id)
SELECT {COPIED}, gen_random_uuid() FROM orders_order, generate_series(2, {ORDERS});
INSERT INTO orders_orderevent (transaction, order_id, kind, revision, quantity, status, cause, cause_name, request_id)
SELECT number / {EVENTS // 500}, 1 + number % {ORDERS}, 'placed', 1, 1, 'pending', 'user', 'buyer', md5(number::text)
FROM generate_series(0, {EVENTS} - 1) AS number;
VACUUM ANALYZE;
"""  # noqa: S608 - constants

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture
def identity(tmp_path: Path) -> Keys:
    return make_keys(tmp_path / "keys")


@pytest.fixture
def old_shop(identity: Keys, postgresql: Path) -> Iterator[Stack]:  # noqa: ARG001 - it skips where there is no PostgreSQL
    """A shop with a million events."""
    env = {"order_service": {"TRUSTED_SERVICE_SHIPPING_SERVICE": f"{identity.issuer_public} orders:follow"}}
    with Stack(database="postgresql", env=env) as stack:
        shop = Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
        lamp = shop.actor("staff", "clerk").create_product(name="Desk lamp").json()["id"]
        assert shop.actor("customer", "buyer").place_order(product_id=lamp, quantity=1).is_success
        shop.close()
        programs = find_postgres()
        assert programs is not None
        url = stack.order_service.environment["DATABASE_URL"]
        subprocess.run([programs / "psql", "--quiet", url], input=FILL, text=True, check=True)
        yield stack


@pytest.fixture
def follower(old_shop: Stack, identity: Keys, tmp_path: Path) -> Iterator[psutil.Popen]:
    """A process with a SQLite database, that has not read anything yet."""
    python, *_ = old_shop.order_service.manage()
    environment = {
        **old_shop.order_service.environment,
        "FOLLOWED_FEED": f"{old_shop.internal_url}/internal/v1/order-events/",
        "FOLLOWER_DATABASE": str(tmp_path / "follower.sqlite3"),
        "FOLLOWER_KEY_FILE": str(identity.issuer_private),
    }
    with psutil.Popen([python, FOLLOWER], cwd=old_shop.order_service.folder, env=environment) as started:
        yield started
        started.kill()


def applied(database: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)) as connection:
            ((count,),) = connection.execute("SELECT coalesce(max(number), 0) FROM applied")
            return int(count)
    except sqlite3.OperationalError:  # it has not made its table yet
        return 0


def processor_time(process: psutil.Process) -> float:
    return float(sum(process.cpu_times()[:2]))


def test_a_million_events_are_followed_from_the_first(
    old_shop: Stack, follower: psutil.Popen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    looks: list[tuple[float, int, float]] = []  # when, how many events, and MiB
    database = tmp_path / "follower.sqlite3"

    while not looks or looks[-1][1] < EVENTS:
        assert follower.poll() is None
        looks.append((time.monotonic(), applied(database), follower.memory_info().rss / 2**20))
        assert looks[-1][0] - looks[0][0] < EVENTS / SLOWEST, looks[-1]
        time.sleep(0.1)

    began = next(look for look in looks if look[1] > 0)
    early = next(look for look in looks if look[1] > EVENTS / 10)
    rate = (looks[-1][1] - began[1]) / (looks[-1][0] - began[0])
    workers = psutil.Process(old_shop.part("order_service").pid).children()
    own, theirs = processor_time(follower), sum(map(processor_time, workers))
    with capsys.disabled():
        sys.stdout.write(
            f"{rate:,.0f} events/s; {early[2]:.1f} MiB at first, {looks[-1][2]:.1f} MiB in the end; processor time:"
            f" {own / EVENTS * 1e6:.0f} us an event of the follower, {theirs / EVENTS * 1e6:.0f} us of order_service\n"
        )
    assert looks[-1][2] - early[2] < GROWTH
