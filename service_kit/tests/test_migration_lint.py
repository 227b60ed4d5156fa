"""What a migration may not do while the version before it serves, and what it may."""

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pytest_django import Settings

from service_kit.database.migration_lint import findings, of_this_service
from service_kit.database.operations import AddCheckNotValid

INDEX = models.Index(fields=["name"], name="thing_by_name")
CHEAP = models.CheckConstraint(condition=models.Q(price__lt=1000), name="thing_is_cheap")

REFUSED: dict[str, tuple[Operation, str]] = {
    "a column that old code does not fill": (
        migrations.AddField("thing", "weight", models.IntegerField(default=0)),
        "ban-drop-default",
    ),
    "a column without any default": (
        migrations.RunSQL("ALTER TABLE things_thing ADD COLUMN weight integer NOT NULL"),
        "adding-required-field",
    ),
    "a column made necessary": (
        migrations.RunSQL("ALTER TABLE things_thing ALTER COLUMN name SET NOT NULL"),
        "adding-not-nullable-field",
    ),
    "a dropped column": (migrations.RemoveField("thing", "name"), "ban-drop-column"),
    "a renamed column": (migrations.RenameField("thing", "name", "words"), "renaming-column"),
    "a renamed table": (migrations.AlterModelTable("thing", "goods"), "renaming-table"),
    "a dropped table": (migrations.DeleteModel("thing"), "ban-drop-table"),
    "another type": (migrations.AlterField("thing", "name", models.IntegerField()), "changing-column-type"),
    "an index that stops writing": (migrations.AddIndex("thing", INDEX), "require-concurrent-index-creation"),
    "a constraint that reads the whole table": (
        migrations.AddConstraint("thing", CHEAP),
        "constraint-missing-not-valid",
    ),
    "a unique constraint": (
        migrations.AddConstraint("thing", models.UniqueConstraint(fields=["name"], name="one_per_name")),
        "disallowed-unique-constraint",
    ),
    "what nobody can read": (migrations.RunPython(migrations.RunPython.noop), "unreadable-operation"),
}
ACCEPTED: dict[str, tuple[Operation, ...]] = {
    "a new table": (migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))]),),
    "a column that may be null": (migrations.AddField("thing", "weight", models.IntegerField(null=True)),),
    "a column that the database fills": (migrations.AddField("thing", "weight", models.IntegerField(db_default=0)),),
    "a constraint for new rows": (AddCheckNotValid("thing", CHEAP),),
    "then, on its own, for old rows": (ValidateConstraint("thing", CHEAP.name),),
}


def migration(*operations: Operation, **attributes: object) -> migrations.Migration:
    made: type[migrations.Migration] = type(
        "Migration", (migrations.Migration,), {"operations": operations, **attributes}
    )
    return made("0999_tried", "things")


@pytest.fixture(scope="module")
def now() -> ProjectState:
    """The models as they are."""
    return MigrationLoader(None).project_state()


def test_only_migrations_after_the_first_release_are_read(settings: Settings) -> None:
    before = [str(migration) for migration, _ in of_this_service()]
    settings.RELEASED_FIRST = set[tuple[str, str]]()

    assert (before, [str(migration) for migration, _ in of_this_service()]) == ([], ["things.0001_initial"])


@pytest.mark.parametrize(("operation", "rule"), REFUSED.values(), ids=REFUSED.keys())
def test_what_breaks_or_locks_is_refused(operation: Operation, rule: str, now: ProjectState) -> None:
    found = findings(migration(operation), now)

    assert any(f": {rule}: " in line for line in found), found


@pytest.mark.parametrize("operations", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_expands_is_accepted(operations: tuple[Operation, ...], now: ProjectState) -> None:
    assert findings(migration(*operations), now) == []


def test_an_index_is_accepted_when_it_is_made_beside_the_writers(now: ProjectState) -> None:
    assert findings(migration(AddIndexConcurrently("thing", INDEX), atomic=False), now) == []


def test_a_migration_may_say_what_it_accepts_and_gets_nothing_else(now: ProjectState) -> None:
    contracting = migration(
        migrations.AddIndex("thing", INDEX),
        migrations.RemoveField("thing", "is_active"),
        accepted={"ban-drop-column": "unread since 1.2.0"},
    )

    found = findings(contracting, now)

    assert [line.split(": ")[1] for line in found] == ["require-concurrent-index-creation"]
