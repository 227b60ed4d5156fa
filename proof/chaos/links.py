"""Which links there are, where each listens, and which of them speak HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stack.ports import LOOPBACK
from stack.postgres import PORT

COPIES = (1, 2)  # of every program but the gateway and the databases
POSTGRES_SOCKET = f".s.PGSQL.{PORT}"


@dataclass(frozen=True)
class Place:
    """
    One link.

    :param name: unique.
    :param target: what the history calls it: several links may be of one kind.
    """

    name: str
    target: str
    listens: str
    is_http: bool = False


class Places:
    """
    Every link of a shop.

    :param folder: short, for the sockets.
    :param ports: two free ones.
    """

    def __init__(self, folder: Path, *, ports: tuple[int, int], with_databases: bool) -> None:
        self._folder = folder
        client, internal = (f"{LOOPBACK}:{port}" for port in ports)
        found = [
            Place("client>gateway", "client>gateway", client, is_http=True),
            Place("order_service>product_service", "order_service>product_service", internal, is_http=True),
        ]
        for service in ("order_service", "product_service"):
            found += [
                Place(
                    f"gateway>{service}-{copy}", f"gateway>{service}", str(folder / f"{service[0]}{copy}"), is_http=True
                )
                for copy in COPIES
            ]
        if with_databases:
            found += [
                Place(f"{who}>database", f"{whose}>database", str(self._database_folder(who) / POSTGRES_SOCKET))
                for who, whose in DATABASE_USERS.items()
            ]
        self.by_name: Mapping[str, Place] = {place.name: place for place in found}

    def __getitem__(self, name: str) -> Place:
        return self.by_name[name]

    def sockets_of(self, service: str) -> list[str]:
        """Where the gateway reaches the copies of a service."""
        return [self[f"gateway>{service}-{copy}"].listens for copy in COPIES]

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
