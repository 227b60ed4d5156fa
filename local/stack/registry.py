"""The services of the shop, as services.toml lists them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stack.places import REPOSITORY


@dataclass(frozen=True)
class Admin:
    """The process that serves a service's admin, and its path on the internal listener."""

    process: str
    path: str


@dataclass(frozen=True)
class Entry:
    """One service. The comments in services.toml say what each field means."""

    name: str
    public: Sequence[str]
    admin: Admin
    database: str
    internal: Sequence[str] = ()
    processes: Mapping[str, str] = field(default_factory=dict)
    calls: Mapping[str, str] = field(default_factory=dict)
    trusts: Mapping[str, str] = field(default_factory=dict)


def read_registry() -> dict[str, Entry]:
    """Return the services by name, in the order of the file. An unknown or missing field is an error."""
    tables = tomllib.loads((REPOSITORY / "services.toml").read_text())
    return {name: Entry(**{**table, "name": name, "admin": Admin(**table["admin"])}) for name, table in tables.items()}


REGISTRY = read_registry()
SERVICES = tuple(REGISTRY)
CALLERS = tuple(name for name, entry in REGISTRY.items() if entry.calls)
"""The services that call another one: each signs its requests with a key of its own."""
