"""What goes wrong with a shop of `make run` is shown where it runs, and the next save mends it."""

import shutil
from collections.abc import Iterator

import psutil
import pytest

from tests.a_shop import MARKED, VIEWS, Shop, copy_repository, opened, saved, soon


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    repository = copy_repository(tmp_path_factory.mktemp("repository"))
    with opened(repository, tmp_path_factory.mktemp("data")) as running:
        yield running


def test_a_syntax_error_is_shown_and_the_next_save_mends_it(shop: Shop) -> None:
    views = shop.repository / VIEWS

    with saved(views, views.read_text() + "\nthis is no Python\n"):
        shown = shop.shows("product_service | SyntaxError")
    # The gateway may still keep an answer of the code before: only new code can answer "saved".
    with saved(views, views.read_text() + MARKED):
        answered = soon(lambda: shop.get("/api/v1/products/").text == "saved")

    assert shown, shop.shown[-50:]
    assert answered
    assert soon(lambda: "results" in shop.get("/api/v1/products/").text)


def test_a_syntax_error_ends_the_reconciler_and_the_next_save_starts_it_again(shop: Shop) -> None:
    module = shop.repository / "order_service" / "orders" / "reconciler.py"

    with saved(module, module.read_text() + "\nthis is no Python\n"):
        shown = shop.shows("reconciler | has ended")
        before = len(shop.shown)

    assert shown, shop.shown[-50:]
    assert soon(lambda: any("reconciler | starts with the new code" in line for line in shop.shown[before:]))


def test_a_template_that_nginx_refuses_is_shown_and_changes_nothing(shop: Shop) -> None:
    template = shop.repository / "nginx" / "templates" / "20-public.conf.template"

    with saved(template, template.read_text() + "\nno_such_directive on;\n"):
        shown = shop.shows('unknown directive "no_such_directive"')

    assert shown, shop.shown[-50:]
    assert shop.get("/api/v1/products/").status_code == 200


@pytest.mark.parametrize(
    ("name", "wrong", "shown"),
    [
        ("nginx/defaults.env", b"GATEWAY_HALF_TYPED\n", "nginx/defaults.env: no = after GATEWAY_HALF_TYPED"),
        ("nginx/defaults.env", b"# caf\xe9\n", "gateway | defaults.env: refused"),
        ("docs/errors.md", b"caf\xe9\n", "gateway | errors.md: refused"),
    ],
)
def test_what_cannot_be_read_is_shown_and_does_not_end_the_shop(
    shop: Shop, name: str, wrong: bytes, shown: str
) -> None:
    path = shop.repository / name
    right = path.read_bytes()

    path.write_bytes(right + wrong)
    is_shown = shop.shows(shown)
    path.write_bytes(right)

    assert is_shown, shop.shown[-50:]
    assert shop.get("/api/v1/products/").status_code == 200


def test_a_template_with_another_name_takes_the_place_of_the_one_before(shop: Shop) -> None:
    template = shop.repository / "nginx" / "templates" / "20-public.conf.template"
    renamed = template.with_name("21-public.conf.template")
    before = template.read_text()

    renamed.write_text(before.replace("server {", "server {\n    location = /renamed { return 204; }", 1))
    template.unlink()
    answered = soon(lambda: shop.get("/renamed").status_code == 204)
    template.write_text(before)
    renamed.unlink()

    assert answered
    assert soon(lambda: shop.get("/renamed").status_code == 404)


def test_a_gateway_that_has_ended_starts_with_the_next_save(shop: Shop) -> None:
    template = shop.repository / "nginx" / "templates" / "20-public.conf.template"
    family = psutil.Process(shop.parent.pid).children(recursive=True)
    (gateway,) = [process for process in family if "nginx: master" in " ".join(process.cmdline())]

    gateway.kill()
    shown = shop.shows("gateway | has ended")
    template.touch()

    assert shown
    assert shop.shows("gateway | 20-public.conf.template: loaded")
    assert soon(lambda: shop.get("/api/v1/products/").status_code == 200)


def test_it_closes_when_its_data_is_removed(shop: Shop) -> None:
    removed = shop.data.rename(shop.data.with_name("removed"))  # at once: meanwhile the shop writes into it
    shutil.rmtree(removed, ignore_errors=True)

    assert shop.shows(f"{shop.data} was removed, and the databases with it.")
    assert not any(line.startswith("Traceback") for line in shop.shown)
