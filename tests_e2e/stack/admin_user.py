"""`make admin-user`: somebody who may log in to both admins of a local shop and do everything there."""

import getpass
import secrets
from collections.abc import Callable
from pathlib import Path

from stack.errors import StackError
from stack.keys import make_keys
from stack.services import Service, both

SHORTEST = 12  # characters, as the services want them
ANYWHERE = "http://127.0.0.1"


def make_admin_user(*, data: Path, name: str, ask: bool, prompt: Callable[[str], str] = getpass.getpass) -> str:
    """
    Make the user in the databases of a shop's folder, whether it runs or not.

    :param ask: have the password typed in, instead of making one.
    :returns: what to tell the person: the password, if it was made here, is shown this once.
    :raises StackError: if there is such a user, or the password is too short.
    """
    password = prompt(f"A password for {name}: ") if ask else secrets.token_urlsafe(15)
    if len(password) < SHORTEST:
        raise StackError(f"The password has fewer than {SHORTEST} characters.")
    keys = make_keys(data / "keys")
    urls = {each: f"sqlite:///{data.resolve() / each}.sqlite3" for each in ("product_service", "order_service")}
    services = both(keys, database_urls=urls, products_url=ANYWHERE, overrides={})
    for service in services:
        service.run("migrate", "--no-input")
    for service in services:
        _create(service, name, password)
    return f"{name} may log in to both admins." if ask else f"{name} may log in to both admins with: {password}"


def _create(service: Service, name: str, password: str) -> None:
    environment = {**service.environment, "DJANGO_SUPERUSER_PASSWORD": password}
    try:
        Service(service.name, environment).run("createsuperuser", "--no-input", f"--username={name}", "--email=")
    except StackError as error:
        if "already taken" not in str(error):
            raise
        raise StackError(
            f"{service.name} has a user {name} already. Choose another NAME=..., or change the password:\n"
            f"cd {service.folder.name} && DEBUG=1 DATABASE_URL={service.environment['DATABASE_URL']} "
            f".venv/bin/python manage.py changepassword {name}"
        ) from None
