"""What a developer saves is loaded by the shop of `make run`, and its commands find it."""

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from commands.debug import environment_of
from driver.programs import lacking
from stack.claim import Program, running_shop
from tests.a_shop import ENVIRONMENT, MARKED, TIMEOUT, VIEWS, Shop, copy_repository, opened, saved, soon


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    repository = copy_repository(tmp_path_factory.mktemp("repository"))
    with opened(repository, tmp_path_factory.mktemp("data")) as running:
        yield running


def place_order(shop: Shop) -> httpx.Response:
    token = shop.command("token").stdout.strip()
    return httpx.post(
        f"{shop.public_url}/api/v1/orders/",
        json={"product_id": 1, "quantity": 1},
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=TIMEOUT,
    )


def test_a_saved_view_answers(shop: Shop) -> None:
    views = shop.repository / VIEWS

    with saved(views, views.read_text() + MARKED):
        answered = soon(lambda: shop.get("/api/v1/products/").text == "saved")

    assert answered
    assert soon(lambda: "results" in shop.get("/api/v1/products/").text)


def test_a_saved_template_of_the_gateway_is_loaded(shop: Shop) -> None:
    template = shop.repository / "nginx" / "templates" / "20-public.conf.template"
    changed = template.read_text().replace("server {", "server {\n    location = /saved { return 204; }", 1)

    with saved(template, changed):
        answered = soon(lambda: shop.get("/saved").status_code == 204)

    assert answered


def test_a_saved_errors_page_is_rendered(shop: Shop) -> None:
    page = shop.repository / "docs" / "errors.md"

    with saved(page, page.read_text().replace("## not-found", "## not-found\n\nSaved just now.\n", 1)):
        answered = soon(lambda: "Saved just now." in shop.get("/problems/not-found").text)

    assert answered


def test_breakpoint_stops_in_the_terminal_that_a_part_was_given_to(shop: Shop) -> None:
    views = shop.repository / "order_service" / "orders" / "views.py"
    here = views.read_text().replace(
        "        placed = services.place_order(", "        breakpoint()\n        placed = services.place_order(", 1
    )
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "commands", "debug", "--part", "order_service", "--data", str(shop.data)]

    with saved(views, here), ThreadPoolExecutor() as elsewhere:
        terminal = subprocess.Popen(
            command,
            cwd=shop.repository / "local",
            env={**ENVIRONMENT, "TERM": "dumb"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        read_until(ours, "Booting worker")
        placing = elsewhere.submit(place_order, shop)
        read_until(ours, "(Pdb) ")
        os.write(ours, b"p 6 * 7, body\n")
        shown = read_until(ours, "(Pdb) ")
        os.write(ours, b"continue\n")
        placing.result()
        os.killpg(terminal.pid, signal.SIGINT)
        terminal.wait(TIMEOUT)
        os.close(ours)
        os.close(theirs)

    assert re.search(r"\(42, \{'product_id': 1, 'quantity': 1\}\)", shown), shown
    assert shop.shows("order_service | runs here again")
    assert soon(lambda: place_order(shop).status_code == 201)


def test_breakpoint_in_a_terminal_waits_for_no_editor() -> None:
    attached = Program([], "", {"DEBUGPY": "127.0.0.1:5678", "LOG_FORMAT": "console"})

    assert environment_of(attached).items() & attached.environment.items() == {("LOG_FORMAT", "console")}


def read_until(terminal: int, text: str) -> str:
    shown = ""
    while text not in shown:
        shown += os.read(terminal, 4096).decode(errors="replace")
    return shown


def test_the_database_of_a_service_is_opened(shop: Shop) -> None:
    if shutil.which("sqlite3") is None and sys.version_info < (3, 12):
        lacking("sqlite3 was not found (apt-get install sqlite3)")

    opened = shop.command(
        "psql", "--service", "product_service", typed="SELECT name FROM products_product WHERE id = 1;\n"
    )

    assert "Desk lamp" in opened.stdout, opened.stderr


def test_its_data_folder_is_refused_to_a_second_shop(shop: Shop) -> None:
    second = shop.command("run", "--port", "0", "--internal-port", "0")

    assert second.returncode == 1
    assert second.stderr.startswith(f"The shop at {shop.public_url} (process ")
    assert len(second.stderr.splitlines()) == 1


def test_a_token_of_the_shop_is_accepted(shop: Shop) -> None:
    assert place_order(shop).status_code == 201


def test_a_user_of_both_admins_is_made_where_the_shop_keeps_them(shop: Shop) -> None:
    first = shop.command("admin-user", "--name", "carol")
    again = shop.command("admin-user", "--name", "carol")

    assert first.stdout.startswith("carol may log in to both admins with: ")
    assert again.returncode == 1
    assert "has a user carol already" in again.stderr


@pytest.mark.parametrize("arguments", [["token"], ["admin-user"], ["psql", "--service", "order_service"], ["debug"]])
def test_without_a_shop_nothing_is_made(shop: Shop, tmp_path: Path, arguments: list[str]) -> None:
    nowhere = Shop(shop.repository, tmp_path / "nothing", shop.port, shop.parent)

    refused = nowhere.command(*arguments)

    assert refused.returncode == 1
    assert refused.stderr.startswith("No shop runs")
    assert len(refused.stderr.splitlines()) == 1
    assert not (tmp_path / "nothing").exists()


def test_it_closes_when_the_make_that_started_it_is_killed(shop: Shop) -> None:
    shop.parent.kill()

    assert soon(lambda: running_shop(shop.data) is None)
    assert shop.shows("Closed.")
