"""`make admin-user`: somebody who may log in to both admins of the shop that runs, and do everything there."""

import getpass
import os
import secrets
import subprocess
from pathlib import Path

from commands.found import Containers, find_shop
from stack.claim import Running
from stack.errors import StackError
from stack.registry import SERVICES

SHORTEST = 12  # characters, as the services want them
PASSWORD = "DJANGO_SUPERUSER_PASSWORD"  # noqa: S105 - the variable's name


def new_password() -> str:
    return secrets.token_urlsafe(15)


def ask_password(name: str) -> str:
    """
    Ask for a password without showing it.

    :raises StackError: if it is too short.
    """
    password = getpass.getpass(f"A password for {name}: ")
    if len(password) < SHORTEST:
        raise StackError(f"It has fewer than {SHORTEST} characters.")
    return password


def make_admin_user(*, data: Path, shop: str, name: str, password: str) -> None:
    """
    Make the user in every database of the shop that runs.

    :param shop: `local` or `containers`, if only that one is meant.
    :raises StackError: if no shop runs, or has such a user already.
    """
    found = find_shop(data, shop)
    for service in SERVICES:
        create = ["createsuperuser", "--no-input", f"--username={name}", "--email="]
        command, folder, environment = _manage(found, service)
        done = subprocess.run(
            [*command, *create],
            cwd=folder,
            env={**environment, PASSWORD: password},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if "already taken" in done.stderr:
            raise StackError(
                f"{service} has a user {name} already. Choose another NAME=..., or give it another password:\n\n"
                f"make manage SERVICE={service} COMMAND='changepassword {name}'"
            )
        if done.returncode:
            raise StackError(f"{service}: manage.py createsuperuser failed.\n{done.stdout}{done.stderr}")


def _manage(found: Running | Containers, service: str) -> tuple[list[str], str | None, dict[str, str]]:
    """Return the beginning of a management command's line, its folder and its environment."""
    if isinstance(found, Containers):
        # The password passes through the environment: a command line can be read by all users.
        into = ["docker", "exec", "--interactive", "--env", PASSWORD, found.one(service)]
        return [*into, "python", "manage.py"], None, dict(os.environ)
    program = found.programs[service]
    return [program.command[0], "manage.py"], program.folder, program.environment
