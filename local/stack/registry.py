"""The services of the shop, as services.toml lists them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stack.places import GATEWAY, REPOSITORY


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
    database: str
    admin: Admin | None = None
    internal: Sequence[str] = ()
    processes: Mapping[str, str] = field(default_factory=dict)
    calls: Mapping[str, str] = field(default_factory=dict)
    trusts: Mapping[str, str] = field(default_factory=dict)
    scopes: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def beside(self) -> list[str]:
        """The processes beside the web: the admin, where there is one, and the further ones."""
        return [*([self.admin.process] if self.admin else []), *self.processes]


def read_registry() -> dict[str, Entry]:
    """Return the services by name, in the order of the file. An unknown or missing field is an error."""
    tables = tomllib.loads((REPOSITORY / "services.toml").read_text())
    return {
        name: Entry(**{**table, "name": name, "admin": Admin(**table["admin"]) if "admin" in table else None})
        for name, table in tables.items()
    }


def further_services() -> list[Entry]:
    """Return the services that the templates of the gateway do not name, and for which it has no setting: the rest."""
    settings = (GATEWAY / "defaults.env").read_text()
    return [entry for name, entry in REGISTRY.items() if f"\nGATEWAY_{name.upper()}=" not in settings]


REGISTRY = read_registry()
SERVICES = tuple(REGISTRY)
CALLERS = tuple(name for name, entry in REGISTRY.items() if entry.calls)
"""The services that call another one: each signs its requests with a key of its own."""
