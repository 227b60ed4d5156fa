"""The commands of the Makefile find the shop in containers, and what they make works there."""

import os
import subprocess

import httpx
import pytest

from driver.shop import Shop, unique
from stack.places import REPOSITORY
from stack.registry import SERVICES


def make(*arguments: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "--silent", *arguments, "SHOP=containers"],
        cwd=REPOSITORY,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_token_is_accepted(shop: Shop) -> None:
    token = make("token").stdout.strip()

    answer = httpx.get(
        f"{shop.public_url}/api/v1/orders/", headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=30
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("service", SERVICES)
def test_a_database_is_opened(service: str) -> None:
    answered = make("psql", f"SERVICE={service}", typed="SELECT current_database();\n")

    assert service in answered.stdout, answered.stderr


def test_a_user_of_both_admins_is_made_once() -> None:
    name = unique("clerk").replace(" ", "-")

    first, again = make("admin-user", f"NAME={name}"), make("admin-user", f"NAME={name}")

    assert first.stdout.startswith(f"{name} may log in to both admins with: "), first.stderr
    assert again.returncode != 0
    assert f"has a user {name} already" in again.stderr


def test_what_does_not_run_is_said_in_one_sentence_with_what_starts_it() -> None:
    made, debugged = make("admin-user", f"NAME={unique('clerk').replace(' ', '-')}"), make("debug", "DATA_DIR=/nowhere")

    assert made.stderr.startswith("The admins do not run in these containers. This starts them: docker compose ")
    assert len(made.stderr.splitlines()) == 1
    assert debugged.stderr.startswith("The shop runs in containers, and this is for that of `make run`.")
