"""A shop whose databases are in a PostgreSQL server of the test's own, which it may change and reach as it likes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from driver.shop import Shop
from stack.postgres import Cluster
from stack.registry import SERVICES
from stack.stack import Stack


def make_server(programs: Path) -> Cluster:
    """Make the files of a server, with a database for each service. `stack_on` runs it."""
    cluster = Cluster(programs)
    cluster.create(SERVICES)
    return cluster


def stack_on(cluster: Cluster, *, env: Mapping[str, Mapping[str, str]], options: Sequence[str] = ()) -> Stack:
    """
    Return a stack, with the server running as a part of it. The caller starts the rest.

    :param env: variables of the services, by name: DATABASE_URL above all.
    :param options: of the server, as `-c name=value`.
    """
    stack = Stack(env=env)
    stack.assembly.guard.remove(cluster.folder)
    server = cluster.part(
        "postgresql", guard=stack.assembly.guard, log=stack.assembly.logs / "postgresql.log", options=options
    )
    stack.assembly.parts["postgresql"] = server
    server.start()
    return stack


def open_shop(stack: Stack) -> Shop:
    return Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
