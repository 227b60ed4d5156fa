"""Which links there are, where each listens, and which of them speak HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stack.ports import LOOPBACK
from stack.postgres import PORT

INSTANCES = (1, 2)  # of every program but the gateway and the databases
POSTGRES_SOCKET = f".s.PGSQL.{PORT}"


@dataclass(frozen=True)
class LinkAddress:
    """
    One link.

    :param name: unique.
    :param target: its name in the history; several links may share one.
    """

    name: str
    target: str
    listens: str
    is_http: bool = False


class Links:
    """
    Every link of a shop.

    :param folder: short, for the sockets.
    :param ports: two free ones.
    """

    def __init__(self, folder: Path, *, ports: tuple[int, int], with_databases: bool) -> None:
        self._folder = folder
        client, internal = (f"{LOOPBACK}:{port}" for port in ports)
        found = [
            LinkAddress("client>gateway", "client>gateway", client, is_http=True),
            LinkAddress("order_service>product_service", "order_service>product_service", internal, is_http=True),
        ]
        for service in ("order_service", "product_service"):
            found += [
                LinkAddress(
                    f"gateway>{service}-{instance}",
                    f"gateway>{service}",
                    str(folder / f"{service[0]}{instance}"),
                    is_http=True,
                )
                for instance in INSTANCES
            ]
        if with_databases:
            found += [
                LinkAddress(f"{who}>database", f"{whose}>database", str(self._database_folder(who) / POSTGRES_SOCKET))
                for who, whose in DATABASE_USERS.items()
            ]
        self.by_name: Mapping[str, LinkAddress] = {link.name: link for link in found}

    def __getitem__(self, name: str) -> LinkAddress:
        return self.by_name[name]

    def sockets_of(self, service: str) -> list[str]:
        """Where the gateway reaches the instances of a service."""
        return [self[f"gateway>{service}-{instance}"].listens for instance in INSTANCES]

    def database_url(self, service: str, *, user: str) -> str:
        """The address of a service's database, as one of its programs reaches it."""
        return f"postgresql:///{service}?host={self._database_folder(user)}&port={PORT}&user={service}"

    def _database_folder(self, user: str) -> Path:
        folder = self._folder / f"{user[0]}db"
        folder.mkdir(exist_ok=True)
        return folder


DATABASE_USERS: Mapping[str, str] = {
    "order_service": "order_service",
    "product_service": "product_service",
    "reconciler": "order_service",
}
