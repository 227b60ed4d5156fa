"""`make admin-user`: somebody who may log in to both admins of a local shop and do everything there."""

import getpass
import secrets
from pathlib import Path

from stack.errors import StackError
from stack.keys import make_keys
from stack.registry import SERVICES
from stack.services import Service, all_services

SHORTEST = 12  # characters, as the services want them


def new_password() -> str:
    return secrets.token_urlsafe(15)


def ask_password(name: str) -> str:
    """
    Have a password typed in, unseen.

    :raises StackError: if it is too short.
    """
    password = getpass.getpass(f"A password for {name}: ")
    if len(password) < SHORTEST:
        raise StackError(f"It has fewer than {SHORTEST} characters.")
    return password


def make_admin_user(*, data: Path, name: str, password: str) -> None:
    """
    Make the user in every database of a shop's folder, whether the shop runs or not.

    :raises StackError: if there is such a user already.
    """
    services = all_services(
        make_keys(data / "keys"),
        database_urls={name: f"sqlite:///{data.resolve() / name}.sqlite3" for name in SERVICES},
        internal_url="http://127.0.0.1",  # nothing is called here
        overrides={},
    )
    for service in services.values():
        service.run("migrate", "--no-input")
        _create(service, name, password)


def _create(service: Service, name: str, password: str) -> None:
    environment = {**service.environment, "DJANGO_SUPERUSER_PASSWORD": password}
    try:
        Service(service.name, environment).run("createsuperuser", "--no-input", f"--username={name}", "--email=")
    except StackError as error:
        if "already taken" not in str(error):
            raise
        raise StackError(
            f"{service.name} has a user {name} already. Choose another NAME=..., or give it another password:\n\n"
            f"cd {service.folder} && DEBUG=true DATABASE_URL={service.environment['DATABASE_URL']} "
            f".venv/bin/python manage.py changepassword {name}"
        ) from None
