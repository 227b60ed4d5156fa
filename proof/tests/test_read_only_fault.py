"""A read-only database: every session refuses writes meanwhile, or those sessions for ever that began meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import psycopg
import pytest

from chaos.faults.read_only import make_read_only
from chaos.planned import Aim, Planned
from driver.waiting import eventually
from stack.part import Part
from stack.postgres import Cluster

ROLE = "orders"
LASTS = 1.0  # seconds


def session(cluster: Cluster) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(cluster.database_url(ROLE), autocommit=True)


def is_read_only(connection: "psycopg.Connection[tuple[object, ...]]") -> bool:
    return connection.execute("SHOW transaction_read_only").fetchone() == ("on",)


@contextmanager
def read_only(cluster: Cluster, aim: Aim, cuts: list[bool]) -> Iterator[None]:
    fault = Planned("read-only", "orders-database", 0.0, LASTS, aim)
    with ThreadPoolExecutor(1) as thread:
        injecting = thread.submit(make_read_only, cluster, fault, role=ROLE, cut=lambda: cuts.append(True))
        yield
        injecting.result()


def test_all_sessions_refuse_writes_and_then_all_take_them_again(server: tuple[Cluster, Part]) -> None:
    cluster, cuts = server[0], list[bool]()
    with closing(session(cluster)) as before:
        with read_only(cluster, "all", cuts):
            eventually(lambda: is_read_only(before), bool, within=LASTS)
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                before.execute("CREATE TABLE refused ()")

        assert not eventually(lambda: is_read_only(before), lambda still: not still, within=5)
    assert cuts == []


def test_a_session_that_began_meanwhile_stays_read_only_and_a_later_one_does_not(
    server: tuple[Cluster, Part],
) -> None:
    cluster, cuts = server[0], list[bool]()
    with read_only(cluster, "worker", cuts):
        eventually(lambda: cuts, bool, within=LASTS)
        meanwhile = session(cluster)

    with closing(meanwhile), closing(session(cluster)) as later:
        assert (is_read_only(meanwhile), is_read_only(later)) == (True, False)
    assert cuts == [True]
