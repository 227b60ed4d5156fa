"""A server that only reads, as after a failover: it counts as a database that is unavailable."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, close_old_connections, connection, transaction
from django.test import Client
from rest_framework.test import APIClient

from service_kit.database.addresses import parse_address
from service_kit.database.connections import connection_settings
from service_kit.testing.postgres_cluster import Cluster, find_binaries
from service_kit.testing.problems import assert_problem
from tests.world import THINGS, add_thing
from things.models import Thing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql("SQLite has no servers")]
LAMP = {"name": "Desk lamp", "price": "39.90"}


def turn_read_only() -> None:
    """Let the server of this connection refuse to write, as one that is no longer the primary."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")


@pytest.fixture
def read_only_database() -> Iterator[None]:
    """A database that only reads, for connections that are made from now on."""
    administrator: Any = connection.copy()
    name = connection.settings_dict["NAME"]
    with administrator.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        yield
        cursor.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
    administrator.close()
    connection.close()


@transaction.atomic
def add_two() -> None:
    with transaction.atomic():
        add_thing()
    add_thing()


@pytest.mark.parametrize("write", [add_thing, add_two], ids=["after a statement", "after a transaction"])
def test_a_connection_whose_server_only_reads_is_replaced(write: Callable[[], object]) -> None:
    turn_read_only()

    with pytest.raises(OperationalError, match="read-only"):
        write()

    assert not Thing.objects.exists()
    assert add_thing().pk


def test_a_write_is_answered_503_and_the_next_one_succeeds(writer: APIClient) -> None:
    turn_read_only()

    refused = writer.post(THINGS, LAMP)
    close_old_connections()
    again = writer.post(THINGS, LAMP)

    assert_problem(refused, status=503, slug="outcome-unknown")
    assert again.status_code == 201


def test_a_process_whose_server_only_reads_is_not_ready_until_it_has_another(client: Client) -> None:
    turn_read_only()

    statuses = [client.get("/readyz").status_code for _ in range(2)]

    assert statuses == [503, 200]


def test_no_connection_is_made_to_a_server_that_only_reads(
    client: Client, writer: APIClient, read_only_database: None
) -> None:
    connection.close()

    with pytest.raises(OperationalError, match="read-only"):
        connection.ensure_connection()
    assert client.get("/readyz").status_code == 503
    assert_problem(writer.post(THINGS, LAMP), status=503, slug="outcome-unknown")
    assert_problem(writer.get(THINGS), status=503, slug="database-unavailable")


def test_an_address_may_allow_servers_that_only_read(read_only_database: None) -> None:
    other: Any = connection.copy()
    other.settings_dict["OPTIONS"] = {**other.settings_dict["OPTIONS"], "target_session_attrs": "any"}

    with other.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("on",)
    other.close()


@pytest.fixture
def standby() -> Iterator[Cluster]:
    """Another server, which only reads."""
    binaries = find_binaries()
    assert binaries is not None  # one runs already
    cluster = Cluster(binaries)
    with psycopg.connect(cluster.url, autocommit=True) as administrator:
        administrator.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        administrator.execute("SELECT pg_reload_conf()")
    yield cluster
    cluster.stop()


def test_of_several_hosts_the_one_that_takes_writes_is_used(standby: Cluster) -> None:
    primary = connection.settings_dict["HOST"]
    url = f"postgresql://postgres@/postgres?host=/nowhere,{standby.folder},{primary}"
    made: Any = connection.copy()
    made.settings_dict |= connection_settings(parse_address(url), lock_timeout_ms=500, statement_timeout_ms=700)

    with made.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_read_only'), current_setting('unix_socket_directories')")
        assert cursor.fetchone() == ("off", primary)
    made.close()
