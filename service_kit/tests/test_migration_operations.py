"""Migration operations that run beside readers and writers: what they make, what they undo, and how."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, NotSupportedError, connection, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.functions import Lower

from service_kit.database.operations import AddCheckNotValid, AddIndexBeside, AddUniqueBeside, RemoveIndexBeside

pytestmark = pytest.mark.django_db(transaction=True)

APP = "warehouse"
TABLE = "warehouse_shelf"
INDEX = models.Index(fields=["label"], name="shelf_by_label")
LABELLED = models.Q(label__isnull=False)
SHELF = migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("label", models.CharField(max_length=20, null=True))]
)
OPERATIONS: dict[str, tuple[Operation, str, bool]] = {
    "an index": (AddIndexBeside("shelf", INDEX), INDEX.name, False),
    "a unique constraint": (
        AddUniqueBeside("shelf", models.UniqueConstraint(fields=["label"], name="one_per_label")),
        "one_per_label",
        True,
    ),
    "a unique constraint that can be deferred": (
        AddUniqueBeside(
            "shelf",
            models.UniqueConstraint(fields=["label"], name="one_in_the_end", deferrable=models.Deferrable.DEFERRED),
        ),
        "one_in_the_end",
        True,
    ),
    "a unique constraint with a condition": (
        AddUniqueBeside("shelf", models.UniqueConstraint(fields=["label"], condition=LABELLED, name="one_if_labelled")),
        "one_if_labelled",
        True,
    ),
    "a unique constraint over an expression": (
        AddUniqueBeside("shelf", models.UniqueConstraint(Lower("label"), name="one_in_any_case")),
        "one_in_any_case",
        True,
    ),
}
ALL = pytest.mark.parametrize(("operation", "name", "is_unique"), OPERATIONS.values(), ids=OPERATIONS.keys())


def after(*operations: Operation) -> ProjectState:
    state = ProjectState()
    for operation in operations:
        operation.state_forwards(APP, state)
    return state


def run(operation: Operation, before: ProjectState, *, backwards: bool = False) -> list[str]:
    """Run an operation as a migration with `atomic = False` does; return its statements."""
    state = before.clone()
    operation.state_forwards(APP, state)
    statements: list[str] = []

    def note(execute: object, sql: str, *rest: object) -> object:
        statements.append(sql)
        return execute(sql, *rest)  # type: ignore[operator] # what Django hands over

    with connection.execute_wrapper(note), _editor() as editor:
        if backwards:
            operation.database_backwards(APP, editor, state, before)
        else:
            operation.database_forwards(APP, editor, before, state)
    return [sql for sql in statements if "INDEX" in sql or "CONSTRAINT" in sql]


def _editor() -> BaseDatabaseSchemaEditor:
    return connection.schema_editor(atomic=False)


def constraints() -> dict[str, bool]:
    """Whether each index or constraint of the table is unique, by its name."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, TABLE)
    return {name: bool(facts["unique"]) for name, facts in found.items() if not facts["primary_key"]}


def add(*labels: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {TABLE} (label) VALUES (%s)", [(label,) for label in labels])


@pytest.fixture(autouse=True)
def shelves() -> Iterator[ProjectState]:
    """A table of the test's own."""
    state = after(SHELF)
    with _editor() as editor:
        SHELF.database_forwards(APP, editor, ProjectState(), state)
    yield state
    with _editor() as editor:
        editor.execute(f"DROP TABLE {TABLE}")


@ALL
def test_it_is_there_afterwards_and_gone_when_undone(
    operation: Operation, name: str, is_unique: bool, shelves: ProjectState
) -> None:
    add("A", "B", None, None)

    run(operation, shelves)
    made = constraints()
    run(operation, shelves, backwards=True)

    if connection.vendor == "postgresql" or "deferred" not in name:
        assert made.get(name, is_unique) is is_unique
    assert name not in constraints()


@ALL
@pytest.mark.postgresql("SQLite has one writer at a time")
def test_postgresql_builds_it_beside_the_writers_and_refuses_it_in_a_transaction(
    operation: Operation, name: str, is_unique: bool, shelves: ProjectState
) -> None:
    with pytest.raises(NotSupportedError), transaction.atomic():
        run(operation, shelves)

    statements = run(operation, shelves)

    assert "INDEX CONCURRENTLY" in statements[0]
    assert all("USING INDEX" in statement for statement in statements[1:])
    assert constraints()[name] is is_unique


@pytest.mark.parametrize("kind", ["a unique constraint", "a unique constraint with a condition"])
def test_a_second_row_with_the_value_is_refused_from_then_on(kind: str, shelves: ProjectState) -> None:
    operation, _, _ = OPERATIONS[kind]
    add("A", None, None)

    run(operation, shelves)

    with pytest.raises(IntegrityError), transaction.atomic():
        add("A")


def test_rows_with_one_value_stop_it(shelves: ProjectState) -> None:
    operation, _, _ = OPERATIONS["a unique constraint"]
    add("A", "A")

    with pytest.raises(IntegrityError):
        run(operation, shelves)

    left = [name for name in connection.introspection.table_names() if TABLE in name]
    assert connection.vendor == "postgresql" or left == [TABLE]


def test_an_index_is_removed_and_back_when_undone(shelves: ProjectState) -> None:
    add_index, _, _ = OPERATIONS["an index"]
    run(add_index, shelves)
    remove = RemoveIndexBeside("shelf", INDEX.name)
    indexed = after(SHELF, add_index)

    removed = run(remove, indexed)
    gone = INDEX.name not in constraints()
    run(remove, indexed, backwards=True)

    assert gone
    assert INDEX.name in constraints()
    assert ("CONCURRENTLY" in removed[0]) is (connection.vendor == "postgresql")


def test_a_check_holds_for_rows_that_are_written_from_then_on_and_not_when_undone(shelves: ProjectState) -> None:
    short = models.CheckConstraint(condition=models.Q(label__lt="M"), name="shelf_is_in_the_first_half")
    check = AddCheckNotValid("shelf", short)
    if connection.vendor == "postgresql":
        add("Z")  # it is not read

    run(check, shelves)
    with pytest.raises(IntegrityError), transaction.atomic():
        add("N")
    run(check, shelves, backwards=True)
    add("N")

    assert short.name not in constraints()


@ALL
def test_the_models_know_it_as_they_know_djangos_own(operation: Operation, name: str, is_unique: bool) -> None:
    options = after(SHELF, operation).models[APP, "shelf"].options

    assert name in {one.name for one in (*options.get("indexes", ()), *options.get("constraints", ()))}
