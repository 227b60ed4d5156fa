"""A row by its primary key, as Django reads it, by a statement of its own."""

from decimal import Decimal

import pytest
from django.apps.registry import Apps
from django.core.serializers import serialize
from django.db import connection, models, transaction

from service_kit.database.rows import read_row
from things.models import Thing

pytestmark = pytest.mark.django_db(transaction=True)


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return int(cursor.fetchone()[0])


@pytest.fixture
def lamp() -> Thing:
    return Thing.objects.create(name="Lamp", note="100 %", price=Decimal("39.90"), is_active=False)


def test_a_row_is_as_django_reads_it(lamp: Thing) -> None:
    read, expected = read_row(Thing, lamp.pk), Thing.objects.get(pk=lamp.pk)

    assert read is not None
    assert serialize("json", [read]) == serialize("json", [expected])


def test_there_is_none_of_another_key(lamp: Thing) -> None:
    assert read_row(Thing, lamp.pk + 1) is None
    assert read_row(Thing, 2**53 - 1) is None


@pytest.mark.postgresql("SQLite's library prepares what it likes")
def test_only_outside_of_a_transaction_it_is_read_by_a_prepared_statement(lamp: Thing) -> None:
    connection.close()
    with transaction.atomic():
        assert read_row(Thing, lamp.pk) == lamp
        assert prepared() == 0

    assert read_row(Thing, lamp.pk) == lamp
    assert prepared() == 1


@pytest.mark.postgresql("on SQLite Django reads it, and converts its values")
def test_a_model_whose_values_django_converts_is_refused() -> None:
    class Note(models.Model):  # noqa: DJ008 - it is never shown
        words = models.JSONField()

        class Meta:
            app_label, apps = "things", Apps()  # of no installed app

    with pytest.raises(TypeError, match="words"):
        read_row(Note, 1)
