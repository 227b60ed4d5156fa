"""The session of the README works as it is pasted, beside `make run`."""

import re
import subprocess

import pytest

from stack.places import REPOSITORY
from tests.a_shop import ENVIRONMENT, PATIENCE, opened


def session(public_url: str) -> str:
    """The blocks for a shell in the section, at the address of this shop."""
    section = (REPOSITORY / "README.md").read_text().split("\n## A session\n", 1)[1].split("\n## ", 1)[0]
    blocks: list[str] = re.findall(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    return "".join(blocks).replace("http://localhost:8080", public_url)


def test_it_shows_what_its_sentences_say(tmp_path_factory: pytest.TempPathFactory) -> None:
    with opened(REPOSITORY, tmp_path_factory.mktemp("data")) as shop:
        done = subprocess.run(
            ["/bin/sh", "-c", session(shop.public_url)],
            cwd=REPOSITORY,
            env={**ENVIRONMENT, "DATA_DIR": str(shop.data)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    shown = done.stdout
    assert done.returncode == 0, shown
    assert re.findall(r"HTTP/\S+ (\d+)", shown) == ["201", "201", "409", "200"], shown
    assert shown.lower().count("idempotent-replayed: true") == 1, shown
    assert re.findall(r'"quantity":(\d),"total_price":"[\d.]+","status":"(\w+)"', shown)[-2:] == [
        ("3", "pending"),
        ("3", "canceled"),
    ], shown
    before, after = re.findall(r'"stock_quantity":(\d+)', shown)
    assert before == after, shown
