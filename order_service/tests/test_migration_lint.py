"""What a migration may not do while the version before it serves, and what it may."""

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from tests.migration_lint import findings, of_this_service

INDEX = models.Index(fields=["product_name"], name="order_by_name")
CHEAP = models.CheckConstraint(condition=models.Q(unit_price__lt=1000), name="order_is_cheap")

REFUSED: dict[str, tuple[Operation, str]] = {
    "a column that old code does not fill": (
        migrations.AddField("order", "weight", models.IntegerField(default=0)),
        "ban-drop-default",
    ),
    "a column without any default": (
        migrations.RunSQL("ALTER TABLE orders_order ADD COLUMN weight integer NOT NULL"),
        "adding-required-field",
    ),
    "a column made necessary": (
        migrations.RunSQL("ALTER TABLE orders_order ALTER COLUMN product_name SET NOT NULL"),
        "adding-not-nullable-field",
    ),
    "a dropped column": (migrations.RemoveField("order", "product_name"), "ban-drop-column"),
    "a renamed column": (migrations.RenameField("order", "product_name", "title"), "renaming-column"),
    "a renamed table": (migrations.AlterModelTable("order", "purchase"), "renaming-table"),
    "a dropped table": (migrations.DeleteModel("order"), "ban-drop-table"),
    "another type": (migrations.AlterField("order", "product_name", models.IntegerField()), "changing-column-type"),
    "an index that stops writing": (migrations.AddIndex("order", INDEX), "require-concurrent-index-creation"),
    "a constraint that reads the whole table": (
        migrations.AddConstraint("order", CHEAP),
        "constraint-missing-not-valid",
    ),
    "a unique constraint": (
        migrations.AddConstraint("order", models.UniqueConstraint(fields=["placed_at"], name="one_at_a_time")),
        "disallowed-unique-constraint",
    ),
    "what nobody can read": (migrations.RunPython(migrations.RunPython.noop), "unreadable-operation"),
}
ACCEPTED: dict[str, tuple[Operation, ...]] = {
    "a new table": (migrations.CreateModel("Parcel", [("id", models.BigAutoField(primary_key=True))]),),
    "a column that may be null": (migrations.AddField("order", "weight", models.IntegerField(null=True)),),
    "a column that the database fills": (migrations.AddField("order", "weight", models.IntegerField(db_default=0)),),
    "a constraint for new rows": (AddConstraintNotValid("order", CHEAP),),
    "then, on its own, for old rows": (ValidateConstraint("order", CHEAP.name),),
}


def migration(*operations: Operation, **attributes: object) -> migrations.Migration:
    made: type[migrations.Migration] = type(
        "Migration", (migrations.Migration,), {"operations": operations, **attributes}
    )
    return made("0999_tried", "orders")


@pytest.fixture(scope="module")
def now() -> ProjectState:
    """The models as they are."""
    return MigrationLoader(None).project_state()


def test_the_migrations_of_this_service_may_run_while_the_version_before_them_serves() -> None:
    assert [line for migration, before in of_this_service() for line in findings(migration, before)] == []


@pytest.mark.parametrize(("operation", "rule"), REFUSED.values(), ids=REFUSED.keys())
def test_what_breaks_or_locks_is_refused(operation: Operation, rule: str, now: ProjectState) -> None:
    found = findings(migration(operation), now)

    assert any(f": {rule}: " in line for line in found), found


@pytest.mark.parametrize("operations", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_expands_is_accepted(operations: tuple[Operation, ...], now: ProjectState) -> None:
    assert findings(migration(*operations), now) == []


def test_an_index_is_accepted_when_it_is_made_beside_the_writers(now: ProjectState) -> None:
    assert findings(migration(AddIndexConcurrently("order", INDEX), atomic=False), now) == []


def test_a_migration_may_say_what_it_accepts_and_gets_nothing_else(now: ProjectState) -> None:
    contracting = migration(
        migrations.AddIndex("order", INDEX),
        migrations.RemoveField("order", "attempts"),
        accepted={"ban-drop-column": "unread since 1.2.0"},
    )

    found = findings(contracting, now)

    assert [line.split(": ")[1] for line in found] == ["require-concurrent-index-creation"]
