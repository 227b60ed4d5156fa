"""A newcomer's first hour: a bare `docker compose up`, an order, edits that are answered at once, and nothing left."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from containers.clone import SOON, Clone, clone_to
from driver.waiting import eventually

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif("E2E_DEVELOPMENT" not in os.environ, reason="`make test-development` runs it"),
]
STARTED = 300.0
MARKED = """
from django.http import HttpResponse
urlpatterns.insert(0, path("{path}", lambda request: HttpResponse("{mark}")))
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    cloned = clone_to(tmp_path_factory.mktemp("clone"))
    for folder in ("order_service/config", "local/commands"):  # as `make run` leaves them
        (cloned.folder / folder / "__pycache__").mkdir(mode=0o700)
    try:
        cloned.compose("up", "--detach", "--wait")
        yield cloned
    finally:
        cloned.compose("down", "--volumes")
    assert cloned.left() == []


def wait_for(mark: str, ask: Callable[[], str], *, within: float = SOON) -> None:
    eventually(ask, lambda answer: mark in answer, within=within)


def test_there_is_a_catalogue_a_token_and_a_place_for_an_order(clone: Clone) -> None:
    token = clone.compose("run", "--rm", "token")
    products = httpx.get(clone.url("/api/v1/products/")).json()["results"]

    placed = httpx.post(
        clone.url("/api/v1/orders/"),
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())},
        json={"product_id": products[0]["id"], "quantity": 1},
    )

    assert placed.status_code == 201, placed.text


def test_the_last_that_starts_says_where_to_go(clone: Clone) -> None:
    said = clone.compose("logs", "--no-log-prefix", "gateway")

    assert "The shop is open:" in said
    assert "/docs/" in said
    assert "docker compose run --rm token" in said


@pytest.mark.parametrize(("service", "path"), [("product_service", "products"), ("order_service", "orders")])
def test_a_save_is_answered_by_the_gateway(clone: Clone, service: str, path: str) -> None:
    mark = uuid4().hex
    urls = clone.folder / service / "config" / "urls.py"

    urls.write_text(urls.read_text() + MARKED.format(path=f"api/v1/{path}/marked", mark=mark))

    wait_for(mark, lambda: clone.get(f"/api/v1/{path}/marked?{uuid4()}"))


def test_a_syntax_error_is_in_the_logs_and_the_next_save_mends_it(clone: Clone) -> None:
    urls = clone.folder / "order_service" / "config" / "urls.py"
    right, mark = urls.read_text(), uuid4().hex

    urls.write_text(f"{right}\ndef broken_{mark}(:\n")
    wait_for(f"broken_{mark}(:", lambda: clone.compose("logs", "order_service"))
    urls.write_text(right + MARKED.format(path="api/v1/orders/mended", mark=mark))

    wait_for(mark, lambda: clone.get("/api/v1/orders/mended"))


def test_the_reconciler_and_the_kit_are_reloaded(clone: Clone) -> None:
    mark = uuid4().hex
    command = clone.folder / "order_service" / "orders" / "management" / "commands" / "run_reconciler.py"
    health = clone.folder / "service_kit" / "service_kit" / "rest" / "health.py"

    command.write_text(command.read_text().replace("reconciler started", f"reconciler started {mark}"))
    wait_for(mark, lambda: clone.compose("logs", "reconciler"))
    health.write_text(health.read_text().replace('"alive"', f'"{mark}"'))

    livez = "http://gateway.internal:8081/order_service/livez"
    wait_for(mark, lambda: clone.compose("exec", "-T", "gateway", "curl", "-s", livez))


def test_a_template_of_the_gateway_and_the_pages_of_errors_are_new_at_once(clone: Clone) -> None:
    mark = uuid4().hex
    template = clone.folder / "nginx" / "templates" / "20-public.conf.template"
    errors = clone.folder / "docs" / "errors.md"

    location = f"server {{\n    location = /marked {{ return 200 {mark}; }}"
    template.write_text(template.read_text().replace("server {", location, 1))
    errors.write_text(errors.read_text().replace("\n## ", f"\n{mark}\n\n## ", 1))

    wait_for(mark, lambda: clone.get("/marked"))
    wait_for(mark, lambda: clone.get("/problems/"))


def test_a_template_with_another_name_takes_the_place_of_the_one_before(clone: Clone) -> None:
    mark = uuid4().hex
    template = clone.folder / "nginx" / "templates" / "20-public.conf.template"
    before = template.read_text()

    location = f"server {{\n    location = /renamed {{ return 200 {mark}; }}"
    template.with_name("21-public.conf.template").write_text(before.replace("server {", location, 1))
    template.unlink()

    wait_for(mark, lambda: clone.get("/renamed"))


@pytest.mark.parametrize("database", ["product_database", "order_database"])
def test_a_database_is_published_on_loopback(clone: Clone, database: str) -> None:
    assert clone.compose("port", database, "5432").startswith("127.0.0.1:")


def test_lost_keys_beside_kept_databases_are_refused_in_one_sentence(tmp_path: Path) -> None:
    clone = clone_to(tmp_path)
    clone.compose("up", "--detach", "--wait", "product_database")
    clone.compose("down")
    clone.run("docker", "volume", "rm", f"{clone.project}_development_keys")

    refused = clone.run("docker", "compose", "up", "--detach", "--wait", "product_database")
    said = clone.compose("logs", "--no-log-prefix", "keys")
    clone.compose("down", "--volumes")

    assert refused.returncode
    assert "`docker compose down -v` removes them too" in said
    assert clone.left() == []


@pytest.mark.parametrize(
    "module", ["product_service/catalogue/views.py", "service_kit/service_kit/server/reloading.py"]
)
def test_code_that_cannot_be_imported_at_the_first_up_needs_a_save_and_no_other_up(tmp_path: Path, module: str) -> None:
    clone = clone_to(tmp_path)
    broken, mark = clone.folder / module, uuid4().hex
    right = broken.read_text()
    broken.write_text(f"{right}\ndef broken_{mark}(:\n")

    with ThreadPoolExecutor() as terminal:
        started = terminal.submit(clone.compose, "up", "--detach", "--wait")
        try:
            wait_for(f"broken_{mark}(:", lambda: clone.run("docker", "compose", "logs").stdout, within=STARTED)
            broken.write_text(right)
            started.result()

            assert "results" in clone.get("/api/v1/products/")
        finally:
            broken.write_text(right)
            clone.compose("down", "--volumes")
    assert clone.left() == []
