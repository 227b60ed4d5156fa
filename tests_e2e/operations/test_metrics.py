"""The metrics of all workers of an instance together, of each instance, and of the reconciler's backlog."""

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

from driver.shop import Actor, Shop, unique
from driver.waiting import eventually
from operations.metrics import Samples, metrics_in, scrape
from stack.places import REPOSITORY
from stack.registry import SERVICES
from stack.stack import Stack
from support.manifests import prometheus_configuration
from support.observability import expressions
from support.problems import assert_problem

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]

INSTANCES = ("order_service", "order_service-2")
COUNT = "http_request_duration_seconds_count"
WORKERS = 2


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A shop of its own, since processes are killed: two instances of order_service, an audit every second."""
    with Stack(instances={"order_service": 2}, env={"order_service": {"AUDIT_INTERVAL": "1"}}) as running:
        yield running


@pytest.fixture(scope="module")
def shop(stack: Stack) -> Iterator[Shop]:
    opened = Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
    yield opened
    opened.close()


@pytest.fixture
def product_id(clerk: Actor) -> int:
    return int(clerk.create_product(name=unique("Desk lamp"), stock_quantity=900).json()["id"])


def exposed_by(stack: Stack, *names: str) -> Samples:
    return scrape(*(stack.part(name).metrics_url for name in names))


def worker_ids(stack: Stack, name: str) -> set[int]:
    return {child.pid for child in psutil.Process(stack.part(name).pid).children()}


def files_of(stack: Stack, name: str) -> set[str]:
    """The files that an instance's workers count in."""
    places = [Path("/dev/shm"), Path(tempfile.gettempdir())]  # noqa: S108 - it is looked at, not written
    folders = [found for place in places for found in place.glob(f"gunicorn-metrics-{stack.part(name).pid}-*")]
    return {file.name for folder in folders for file in folder.iterdir()}


def test_requests_to_all_workers_of_all_instances_add_up(stack: Stack, customer: Actor, product_id: int) -> None:
    before = exposed_by(stack, *INSTANCES)

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: customer.place_order(product_id=product_id, quantity=1), range(60)))

    after = [exposed_by(stack, name) for name in INSTANCES]
    together = Samples(sample for instance in after for sample in instance)
    answered = Counter(answer.status_code for answer in answers)  # on a busy machine some are refused
    assert answered[201] > 0
    for status, number in answered.items():
        labels = {"method": "POST", "route": "api/v1/orders/", "status": str(status)}
        assert together.total(COUNT, **labels) - before.total(COUNT, **labels) == number
    for name, labels in [("orders_placings_total", {"outcome": "placed"}), ("orders_group_size_sum", {})]:
        assert together.total(name, **labels) - before.total(name, **labels) == answered[201], name
    assert all(instance.total("orders_placings_total") for instance in after)  # each exposes its own part
    assert [instance.total("gunicorn_workers") for instance in after] == [WORKERS, WORKERS]


def test_a_refusal_is_counted_on_both_sides(stack: Stack, customer: Actor, product_id: int) -> None:
    everybody = ("product_service", *INSTANCES)
    before = exposed_by(stack, *everybody)

    customer.place_order(product_id=product_id, quantity=1000)

    after = exposed_by(stack, *everybody)
    for name in ("orders_placings_total", "reservations_settled_total"):
        grown = after.total(name, outcome="insufficient-stock") - before.total(name, outcome="insufficient-stock")
        assert grown == 1, name


def test_the_counts_of_killed_workers_are_kept_and_the_workers_no_longer_counted(stack: Stack, customer: Actor) -> None:
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda _: customer.list_orders(), range(60)))
    counted = [exposed_by(stack, name).total(COUNT) for name in INSTANCES]
    first = worker_ids(stack, "order_service")
    files = files_of(stack, "order_service")

    for pid in first:
        os.kill(pid, signal.SIGKILL)

    eventually(
        lambda: worker_ids(stack, "order_service"),
        lambda ids: len(ids) == WORKERS and not ids & first,
        within=15,
    )
    exposed = eventually(
        lambda: exposed_by(stack, "order_service"), lambda seen: seen.total("gunicorn_workers") == WORKERS, within=15
    )
    assert exposed.total(COUNT) == counted[0]
    assert files_of(stack, "order_service") == files != set()  # otherwise each dead worker would leave files behind
    assert exposed_by(stack, "order_service-2").total(COUNT) == counted[1]


def test_an_instance_that_starts_anew_begins_at_zero(stack: Stack, customer: Actor) -> None:
    customer.list_orders()

    stack.part("order_service-2").restart()

    assert exposed_by(stack, "order_service-2").total(COUNT) == 0


def test_metrics_are_on_the_internal_listener_and_not_on_the_public_one(stack: Stack) -> None:
    for service in SERVICES:
        address = f"{stack.internal_url}/{service}/metrics"
        eventually(lambda at=address: scrape(at), lambda seen: seen.total("gunicorn_workers") == WORKERS, within=15)  # type: ignore[misc] # a bound default
    for path in ("/metrics", *(f"/{service}/metrics" for service in SERVICES)):
        assert_problem(httpx.get(stack.public_url + path), "not-found", 404)


def test_scrapes_are_neither_counted_nor_logged(stack: Stack) -> None:
    before = exposed_by(stack, *INSTANCES).total(COUNT)

    scrape(f"{stack.internal_url}/order_service/metrics", stack.part("order_service").metrics_url)

    assert exposed_by(stack, *INSTANCES).total(COUNT) == before
    assert '"/metrics"' not in stack.part("order_service").log.read_text()


def test_the_reconciler_audits_by_itself_and_finds_no_drift(stack: Stack, customer: Actor, product_id: int) -> None:
    customer.place_order(product_id=product_id, quantity=2)
    audited_at = "orders_audit_completed_timestamp_seconds"
    before = exposed_by(stack, "reconciler").total(audited_at)

    exposed = eventually(
        lambda: exposed_by(stack, "reconciler"), lambda seen: seen.total(audited_at) > max(before, 1), within=15
    )

    drifts = {sample.labels["kind"]: sample.value for sample in exposed if sample.name == "orders_audit_drifts"}
    assert drifts == {"promised": 0, "different": 0, "ahead": 0, "missing": 0, "orphan": 0, "stock": 0}


def test_rules_and_dashboard_use_metrics_labels_and_values_that_exist(
    stack: Stack, customer: Actor, product_id: int
) -> None:
    customer.place_order(product_id=product_id, quantity=1)
    audited = eventually(
        lambda: exposed_by(stack, "reconciler"), lambda seen: any("drifts" in each.name for each in seen), within=15
    )
    jobs = {job["job_name"] for job in prometheus_configuration("prometheus.yml")["scrape_configs"]}
    labels = defaultdict(set, {"up": {"job", "instance"}, "ALERTS": {"alertname", "alertstate"}})
    values = defaultdict(set, {"up": set[tuple[str, str]](), "ALERTS": {("alertstate", "firing")}})
    for sample in [*audited, *exposed_by(stack, "product_service", *INSTANCES)]:
        labels[sample.name] |= {"job", "instance", *sample.labels}
        values[sample.name] |= sample.labels.items()

    asked = [(title, each) for title, expression in expressions() for each in metrics_in(expression)]

    for title, each in asked:
        known = values[each.metric] | {("job", job) for job in jobs}
        assert each.metric in labels, title
        assert each.labels <= labels[each.metric], (title, each.metric)
        assert each.values <= known, (title, each.metric)
    assert len({each.metric for _, each in asked}) > 20


def test_every_metric_is_in_the_list_of_the_operators_handbook(stack: Stack) -> None:
    of_every_python = ("python_", "process_")
    section = (REPOSITORY / "docs" / "operations.md").read_text().split("\n## Metrics\n", 1)[1].split("\n#", 1)[0]
    documented = set(re.findall(r"`(\w+)`", section))

    exposed = {sample.name for sample in exposed_by(stack, "product_service", *INSTANCES, "reconciler")}

    ours = {re.sub(r"_(bucket|count|sum)$", "", name) for name in exposed if not name.startswith(of_every_python)}
    assert ours - documented == set()


def test_orders_are_undecided_and_unsynced_during_an_outage_and_not_after_it(
    stack: Stack, customer: Actor, product_id: int
) -> None:
    def waiting(name: str) -> float:
        return exposed_by(stack, "reconciler").total(f"orders_{name}")

    eventually(lambda: (waiting("in_doubt"), waiting("unsynced")), lambda seen: seen == (0, 0), within=15)
    products = stack.part("product_service")

    products.freeze()
    try:
        with ThreadPoolExecutor(4) as threads:
            requests = [
                threads.submit(customer.place_order, product_id=product_id, quantity=1)
                for _ in range(8)  # two rounds of two and a half seconds
            ]
            eventually(lambda: waiting("in_doubt"), lambda seen: seen >= 1, within=6)
        answers = [request.result().json()["type"] for request in requests]
        given_up = answers.count("/problems/order-not-placed")  # the others got `overloaded`
        eventually(lambda: waiting("unsynced"), lambda seen: seen == given_up, within=6)
        exposed = exposed_by(stack, "reconciler", *INSTANCES)
    finally:
        products.thaw()

    assert exposed.total("orders_unsynced_oldest_age_seconds") > 1
    assert exposed.total("orders_placings_total", outcome="order-not-placed") == given_up
    assert exposed.total("orders_turned_away_total") == len(answers) - given_up
    assert exposed.total("products_client_try_duration_seconds_count", result="ReadTimeout") > 0
    assert exposed.total("products_client_repeats_total") > 0
    eventually(lambda: (waiting("in_doubt"), waiting("unsynced")), lambda seen: seen == (0, 0), within=20)
