"""Names of further services: what cannot be one is refused in one sentence, before anything is written."""

import os
import signal
from pathlib import Path

import pytest

from commands import new_service
from commands.new_service import write_service
from stack.errors import StackError


@pytest.mark.parametrize(
    "name",
    ["", "Shipping", "ship-ping", "9lives", "_x", "x_", "a__b", "../x", "x y", "$(id)", "x;id", "x\n", "é", "a" * 31],
)
def test_another_name_than_one_of_letters_digits_and_underscores_is_refused(name: str) -> None:
    with pytest.raises(StackError, match=r"\ASay a name of .*NAME=shipping\Z"):
        write_service(name)


@pytest.mark.parametrize(
    "name",
    [
        *("order", "order_service", "product", "orders", "products", "config", "tests", "orders_client", "class"),
        *("routes", "routes_a", "http", "httpx"),
    ],
)
def test_a_name_that_something_has_is_refused(name: str) -> None:
    with pytest.raises(StackError, match=r"\AThe name \w+ is taken; choose another one\.\Z"):
        write_service(name)


def test_another_feed_than_that_of_the_orders_is_refused() -> None:
    with pytest.raises(StackError, match="FOLLOWS=orders"):
        write_service("shipping", follows="products")


def test_ctrl_c_leaves_nothing_so_that_the_name_is_still_free(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(new_service, "REPOSITORY", tmp_path)
    monkeypatch.setattr(new_service, "_run", lambda *_: os.kill(os.getpid(), signal.SIGINT))
    before = signal.signal(signal.SIGINT, lambda *_: None)

    try:
        with pytest.raises(StackError, match="Nothing was written"):
            write_service("shipping")
    finally:
        signal.signal(signal.SIGINT, before)

    assert list(tmp_path.iterdir()) == []


def test_a_service_without_a_follower_keeps_files_whose_names_are_like_its_own(tmp_path: Path) -> None:
    kept, dropped = tmp_path / "followup" / "views.py", tmp_path / "followup" / "follower.py"
    for path in (kept, dropped, tmp_path / "deploy" / "follower.yaml"):
        path.parent.mkdir(exist_ok=True)
        path.touch()

    new_service._drop_follower(tmp_path)  # noqa: SLF001 - the rest of `make service` takes a virtual environment

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]


def test_every_file_of_a_follower_in_the_template_is_known() -> None:
    found = {path.name.replace("-tpl", "") for path in new_service.TEMPLATE.rglob("*follow*") if path.is_file()}

    assert found == set(new_service.FOLLOWERS_FILES)


def test_env_keeps_what_it_says_and_names_the_files_of_every_service(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(new_service, "REPOSITORY", tmp_path)
    deploy = tmp_path / "shipping_service" / "deploy"
    deploy.mkdir(parents=True)
    (deploy / "service.compose.yml").touch()
    (tmp_path / ".env").write_text("PORT=80\nCOMPOSE_FILE=docker-compose.yml\n")

    new_service.write_compose_files()

    assert (tmp_path / ".env").read_text() == (
        "PORT=80\nCOMPOSE_FILE=docker-compose.yml:shipping_service/deploy/service.compose.yml:"
        "docker-compose.override.yml:shipping_service/deploy/service.compose.development.yml\n"
    )
