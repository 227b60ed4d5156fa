"""The metrics: of all workers together, of each copy by itself, and of what waits for the reconciler."""

import os
import re
import signal
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

from driver.shop import Person, Shop, unique
from driver.waiting import eventually
from operations.metrics import Samples, asked_for, scrape
from stack.places import REPOSITORY
from stack.registry import SERVICES
from stack.stack import Stack
from support.manifests import prometheus_configuration
from support.observability import expressions
from support.problems import assert_problem

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]

COPIES = ("order_service", "order_service-2")
COUNT = "http_request_duration_seconds_count"
WORKERS = 2


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A shop of its own, for its processes are killed, with two copies of order_service and an audit every second."""
    with Stack(copies={"order_service": 2}, env={"order_service": {"AUDIT_INTERVAL": "1"}}) as running:
        yield running


@pytest.fixture(scope="module")
def shop(stack: Stack) -> Iterator[Shop]:
    opened = Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
    yield opened
    opened.close()


@pytest.fixture
def product_id(clerk: Person) -> int:
    return int(clerk.create_product(name=unique("Desk lamp"), stock_quantity=1000).json()["id"])


def told_by(stack: Stack, *names: str) -> Samples:
    return scrape(*(stack.part(name).metrics_url for name in names))


def worker_ids(stack: Stack, name: str) -> set[int]:
    return {child.pid for child in psutil.Process(stack.part(name).pid).children()}


def files_of(stack: Stack, name: str) -> set[str]:
    """The files that a copy's workers count in."""
    places = [Path("/dev/shm"), Path(tempfile.gettempdir())]  # noqa: S108 - it is looked at, not written
    folders = [found for place in places for found in place.glob(f"gunicorn-metrics-{stack.part(name).pid}-*")]
    return {file.name for folder in folders for file in folder.iterdir()}


def test_what_was_asked_of_all_workers_of_all_copies_adds_up(stack: Stack, customer: Person, product_id: int) -> None:
    before = told_by(stack, *COPIES)

    with ThreadPoolExecutor(10) as crowd:
        answers = list(crowd.map(lambda _: customer.place_order(product_id=product_id, quantity=1), range(60)))

    after = [told_by(stack, name) for name in COPIES]
    together = Samples(sample for copy in after for sample in copy)
    answered = Counter(answer.status_code for answer in answers)  # where others use the machine, not each is placed
    assert answered[201] > 0
    for status, number in answered.items():
        labels = {"method": "POST", "route": "api/v1/orders/", "status": str(status)}
        assert together.total(COUNT, **labels) - before.total(COUNT, **labels) == number
    for name, labels in [("orders_placings_total", {"outcome": "placed"}), ("orders_group_size_sum", {})]:
        assert together.total(name, **labels) - before.total(name, **labels) == answered[201], name
    assert all(copy.total("orders_placings_total") for copy in after)  # each tells its own part of it
    assert [copy.total("gunicorn_workers") for copy in after] == [WORKERS, WORKERS]


def test_a_refusal_is_counted_on_both_sides(stack: Stack, customer: Person, product_id: int) -> None:
    everybody = ("product_service", *COPIES)
    before = told_by(stack, *everybody)

    customer.place_order(product_id=product_id, quantity=1001)

    after = told_by(stack, *everybody)
    for name in ("orders_placings_total", "reservations_settled_total"):
        grown = after.total(name, outcome="insufficient-stock") - before.total(name, outcome="insufficient-stock")
        assert grown == 1, name


def test_what_killed_workers_counted_is_kept_and_they_are_no_longer_counted_as_alive(
    stack: Stack, customer: Person
) -> None:
    with ThreadPoolExecutor(10) as crowd:
        list(crowd.map(lambda _: customer.list_orders(), range(60)))
    counted = [told_by(stack, name).total(COUNT) for name in COPIES]
    first = worker_ids(stack, "order_service")
    files = files_of(stack, "order_service")

    for pid in first:
        os.kill(pid, signal.SIGKILL)

    eventually(
        lambda: worker_ids(stack, "order_service"),
        lambda ids: len(ids) == WORKERS and not ids & first,
        within=15,
    )
    told = eventually(
        lambda: told_by(stack, "order_service"), lambda seen: seen.total("gunicorn_workers") == WORKERS, within=15
    )
    assert told.total(COUNT) == counted[0]
    assert files_of(stack, "order_service") == files != set()  # or each worker that dies would leave some for ever
    assert told_by(stack, "order_service-2").total(COUNT) == counted[1]


def test_a_copy_that_starts_anew_begins_at_zero(stack: Stack, customer: Person) -> None:
    customer.list_orders()

    stack.part("order_service-2").restart()

    assert told_by(stack, "order_service-2").total(COUNT) == 0


def test_the_internal_listener_leads_to_the_metrics_and_the_public_one_does_not(stack: Stack) -> None:
    for service in SERVICES:
        address = f"{stack.internal_url}/{service}/metrics"
        eventually(lambda at=address: scrape(at), lambda seen: seen.total("gunicorn_workers") == WORKERS, within=15)  # type: ignore[misc] # a bound default
    for path in ("/metrics", *(f"/{service}/metrics" for service in SERVICES)):
        assert_problem(httpx.get(stack.public_url + path), "not-found", 404)


def test_scrapes_are_neither_counted_nor_logged(stack: Stack) -> None:
    before = told_by(stack, *COPIES).total(COUNT)

    scrape(f"{stack.internal_url}/order_service/metrics", stack.part("order_service").metrics_url)

    assert told_by(stack, *COPIES).total(COUNT) == before
    assert '"/metrics"' not in stack.part("order_service").log.read_text()


def test_the_reconciler_audits_by_itself_and_finds_no_drift(stack: Stack, customer: Person, product_id: int) -> None:
    customer.place_order(product_id=product_id, quantity=2)
    audited_at = "orders_audit_completed_timestamp_seconds"
    before = told_by(stack, "reconciler").total(audited_at)

    told = eventually(
        lambda: told_by(stack, "reconciler"), lambda seen: seen.total(audited_at) > max(before, 1), within=15
    )

    drifts = {sample.labels["kind"]: sample.value for sample in told if sample.name == "orders_audit_drifts"}
    assert drifts == {"different": 0, "ahead": 0, "missing": 0, "orphan": 0, "stock": 0}


def test_rules_and_dashboard_ask_for_metrics_labels_and_values_that_exist(
    stack: Stack, customer: Person, product_id: int
) -> None:
    customer.place_order(product_id=product_id, quantity=1)
    audited = eventually(
        lambda: told_by(stack, "reconciler"), lambda seen: any("drifts" in each.name for each in seen), within=15
    )
    jobs = {job["job_name"] for job in prometheus_configuration("prometheus.yml")["scrape_configs"]}
    labels = defaultdict(set, {"up": {"job", "instance"}, "ALERTS": {"alertname", "alertstate"}})
    values = defaultdict(set, {"up": set[tuple[str, str]](), "ALERTS": {("alertstate", "firing")}})
    for sample in [*audited, *told_by(stack, "product_service", *COPIES)]:
        labels[sample.name] |= {"job", "instance", *sample.labels}
        values[sample.name] |= sample.labels.items()

    asked = [(title, each) for title, expression in expressions() for each in asked_for(expression)]

    for title, each in asked:
        known = values[each.metric] | {("job", job) for job in jobs}
        assert each.metric in labels, title
        assert each.labels <= labels[each.metric], (title, each.metric)
        assert each.values <= known, (title, each.metric)
    assert len({each.metric for _, each in asked}) > 20


def test_every_metric_is_in_the_table_of_the_operators_handbook(stack: Stack) -> None:
    of_every_python = ("python_", "process_")
    documented = set(re.findall(r"^\| `(\w+)` \|", (REPOSITORY / "docs" / "operations.md").read_text(), re.MULTILINE))

    told = {sample.name for sample in told_by(stack, "product_service", *COPIES, "reconciler")}

    ours = {re.sub(r"_(bucket|count|sum)$", "", name) for name in told if not name.startswith(of_every_python)}
    assert ours - documented == set()


def test_orders_are_in_doubt_and_unsynced_during_an_outage_and_not_after_it(
    stack: Stack, customer: Person, product_id: int
) -> None:
    def waiting(name: str) -> float:
        return told_by(stack, "reconciler").total(f"orders_{name}")

    eventually(lambda: (waiting("in_doubt"), waiting("unsynced")), lambda seen: seen == (0, 0), within=15)
    products = stack.part("product_service")

    products.freeze()
    try:
        with ThreadPoolExecutor(4) as crowd:
            placings = [
                crowd.submit(customer.place_order, product_id=product_id, quantity=1)
                for _ in range(8)  # two rounds of two and a half seconds
            ]
            eventually(lambda: waiting("in_doubt"), lambda seen: seen >= 1, within=6)
        answers = [placing.result().json()["type"] for placing in placings]
        given_up = answers.count("/problems/order-not-placed")  # the others were turned away before they began
        eventually(lambda: waiting("unsynced"), lambda seen: seen == given_up, within=6)
        told = told_by(stack, "reconciler", *COPIES)
    finally:
        products.thaw()

    assert told.total("orders_unsynced_oldest_age_seconds") > 1
    assert told.total("orders_placings_total", outcome="order-not-placed") == given_up
    assert told.total("orders_turned_away_total") == len(answers) - given_up
    assert told.total("products_client_try_duration_seconds_count", result="ReadTimeout") > 0
    assert told.total("products_client_repeats_total") > 0
    eventually(lambda: (waiting("in_doubt"), waiting("unsynced")), lambda seen: seen == (0, 0), within=20)
