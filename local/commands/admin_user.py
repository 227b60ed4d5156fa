"""`make admin-user`: somebody who may log in to both admins of the shop that runs, and do everything there."""

import getpass
import os
import secrets
import subprocess
from pathlib import Path

from commands.found import Containers, find_shop
from stack.claim import Running
from stack.errors import StackError
from stack.registry import REGISTRY

SHORTEST = 12  # characters, as the services want them
ADMINS = {name: entry.admin for name, entry in REGISTRY.items() if entry.admin}
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


def make_admin_user(*, data: Path, shop: str, name: str, password: str) -> str:
    """
    Make the user in the database of every service that has an admin.

    :param shop: `local` or `containers`, if only that one is meant.
    :return: what there is to do before the user can log in; empty if nothing.
    :raises StackError: if no shop runs, or has such a user already.
    """
    found = find_shop(data, shop)
    for service in ADMINS:
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
                f"{_password_changer(found, service)} changepassword {name}"
            )
        if done.returncode:
            raise StackError(f"{service}: manage.py createsuperuser failed.\n{done.stdout}{done.stderr}")
    return _how_to_start_the_admins(found)


def _how_to_start_the_admins(found: Running | Containers) -> str:
    if not isinstance(found, Containers) or all(admin.process in found.ids for admin in ADMINS.values()):
        return ""
    command = f"ADMIN=1 {found.compose}" if found.is_development else f"{found.compose} --profile admin"
    return f"The admins do not run in these containers. This starts them: {command} up --detach"


def _manage(found: Running | Containers, service: str) -> tuple[list[str], str | None, dict[str, str]]:
    """Return the beginning of a management command's line, its folder and its environment."""
    if isinstance(found, Containers):
        # The password passes through the environment: a command line can be read by all users.
        into = ["docker", "exec", "--interactive", "--env", PASSWORD, found.one(service)]
        return [*into, "python", "manage.py"], None, dict(os.environ)
    program = found.programs[service]
    return [program.command[0], "manage.py"], program.folder, program.environment


def _password_changer(found: Running | Containers, service: str) -> str:
    """Return what to type before `changepassword`."""
    if isinstance(found, Containers):
        return f"docker exec -it {found.one(service)} python manage.py"
    program = found.programs[service]
    database = program.environment["DATABASE_URL"]
    return f"cd {program.folder} && DEBUG=true DATABASE_URL={database} .venv/bin/python manage.py"
