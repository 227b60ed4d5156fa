"""The probes: alive is who can answer, ready is who can work."""

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/livez", "alive"), ("/readyz", "ready")])
def test_a_probe_names_the_version_and_minds_no_bad_token(
    client: Client, settings: Settings, path: str, status: str
) -> None:
    settings.VERSION = "1.2.3"

    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        response = client.get(path, headers=headers)
        assert (response.status_code, response.json()) == (200, {"status": status, "version": "1.2.3"})


def test_a_process_that_answers_is_alive_whatever_the_database_does(client: Client) -> None:
    assert client.get("/livez").status_code == 200  # pytest refuses every use of the database here


@pytest.mark.django_db
def test_a_process_whose_database_does_not_answer_is_not_ready(client: Client) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("the connection is lost")

    with connection.execute_wrapper(fail):
        response = client.get("/readyz")

    assert (response.status_code, response.json()["status"]) == (503, "database unavailable")
