"""The probes: alive is who can answer, ready is who can work."""

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings


def test_a_process_that_answers_is_alive_whatever_the_database_does(client: Client, settings: Settings) -> None:
    settings.VERSION = "1.2.3"

    response = client.get("/livez")

    assert (response.status_code, response.json()) == (200, {"status": "alive", "version": "1.2.3"})


@pytest.mark.django_db
def test_a_process_whose_database_answers_is_ready(client: Client, settings: Settings) -> None:
    settings.VERSION = "1.2.3"

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"status": "ready", "version": "1.2.3"})


@pytest.mark.django_db
def test_a_process_whose_database_does_not_answer_is_not_ready(client: Client) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("the connection is lost")

    with connection.execute_wrapper(fail):
        response = client.get("/readyz")

    assert (response.status_code, response.json()["status"]) == (503, "database unavailable")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_probe_needs_no_token_and_minds_no_bad_one(client: Client, path: str) -> None:
    response = client.get(path, headers={"Authorization": "Bearer nonsense"})

    assert response.status_code == 200
