"""DATABASE_URL, read as PostgreSQL's own library reads it, so that nothing that it says is lost."""

import re
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

POSTGRESQL = re.compile(r"(?:postgresql|postgres|pgsql)://(?:(?P<user>[^/?#]*)@)?(?P<rest>.*)", re.DOTALL)
SETTINGS = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
# libpq would refuse another value at the first connection.
NUMBERS = (
    *("connect_timeout", "tcp_user_timeout"),
    *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count"),
)


def parse_address(url: str) -> dict[str, Any]:
    """
    Return Django's settings for a database. OPTIONS has every further parameter of the address.

    `postgresql://` may name several hosts, which are tried in order, and any parameter of libpq.

    :raises ImproperlyConfigured: if it is no address of PostgreSQL or SQLite; the message has no password.
    """
    if url.startswith("sqlite:"):
        return dict(dj_database_url.parse(url))
    address = POSTGRESQL.fullmatch(url)
    if address is None:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql:// or sqlite://.")
    user = f"{address['user'].replace('@', '%40')}@" if address["user"] is not None else ""
    try:
        given = conninfo_to_dict(f"postgresql://{user}{address['rest']}")
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"DATABASE_URL: {_reason(error)}.") from None
    for name in NUMBERS:
        if not _is_number(str(given.get(name, 0))):
            raise ImproperlyConfigured(f"DATABASE_URL: {name} must be a number.")
    ports = str(given.get("port", "")).split(",")  # one for all hosts, or one for each; empty is the usual one
    if not all(not port or (_is_number(port) and 0 < int(port) < 2**16) for port in ports):
        raise ImproperlyConfigured("DATABASE_URL: port must be a number below 65536.")
    settings = {name: given.pop(parameter, "") for name, parameter in SETTINGS.items()}
    return {"ENGINE": "service_kit.database.postgresql", **settings, "OPTIONS": given}


def _reason(error: ProgrammingError) -> str:
    """Return what libpq says about a parameter. What it says about the rest of the address may show a password."""
    reason = str(error).strip()
    if "query parameter" in reason:
        return reason
    return "it is no valid address; are special characters in it percent-encoded?"


def _is_number(text: str) -> bool:
    return re.fullmatch(r" *[-+]?[0-9]+ *", text) is not None
