"""
Operations of migrations that run beside the readers and writers of a table.

On PostgreSQL each `...Beside` builds or drops an index concurrently, so that its migration says `atomic = False` and
has no other operation. On SQLite, which has one writer at a time anyway, it does what Django's own operation does.

Where PostgreSQL gives up on the way (a duplicate value, a lost connection), an invalid index is left: drop it by hand,
`DROP INDEX CONCURRENTLY ...`, correct the rows, and migrate again.
"""

from contextlib import nullcontext
from typing import Any, ClassVar

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    NotInTransactionMixin,
    RemoveIndexConcurrently,
)
from django.db import transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.migrations.operations import AddConstraint, AddIndex, RemoveIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

TAKE_OVER = "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s UNIQUE USING INDEX %(name)s%(deferrable)s"


class _OnPostgreSQL(Operation):
    """To be mixed into an operation that only PostgreSQL has, before it."""

    elsewhere: ClassVar[type[Operation]]  # what is done on other databases

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        if _is_postgresql(schema_editor):
            super().database_forwards(app_label, schema_editor, *states)
        else:
            self.elsewhere.database_forwards(self, app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        if _is_postgresql(schema_editor):
            super().database_backwards(app_label, schema_editor, *states)
        else:
            self.elsewhere.database_backwards(self, app_label, schema_editor, *states)


class AddIndexBeside(_OnPostgreSQL, AddIndexConcurrently):
    """AddIndexBeside(model_name="product", index=models.Index(fields=["price"], name="product_by_price"))."""

    elsewhere = AddIndex


class RemoveIndexBeside(_OnPostgreSQL, RemoveIndexConcurrently):
    """RemoveIndexBeside(model_name="product", name="product_by_price")."""

    elsewhere = RemoveIndex


class AddUniqueBeside(NotInTransactionMixin, AddConstraint):
    """
    Add a unique constraint; backwards, remove it, which locks the table for a moment only.

    AddUniqueBeside(model_name="product", constraint=models.UniqueConstraint(fields=["sku"], name="product_by_sku"))

    A constraint with a condition or an expression is an index and nothing else; a plain one takes the finished index
    over. The model declares a `UniqueConstraint`: `unique=True` of a field is another operation.
    """

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if not _is_postgresql(schema_editor):
            with transaction.atomic(schema_editor.connection.alias):  # SQLite copies the table
                super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        self._ensure_not_in_transaction(schema_editor)
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        statement = self.constraint.create_sql(model, schema_editor)
        if not isinstance(statement, Statement):
            return
        is_constraint = statement.template == schema_editor.sql_create_unique
        template = schema_editor.sql_create_unique_index if is_constraint else statement.template
        statement.template = template.replace("UNIQUE INDEX", "UNIQUE INDEX CONCURRENTLY")
        schema_editor.execute(statement, params=None)
        if is_constraint:
            statement.template = TAKE_OVER
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        with nullcontext() if _is_postgresql(schema_editor) else transaction.atomic(schema_editor.connection.alias):
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class AddCheckNotValid(_OnPostgreSQL, AddConstraintNotValid):
    """
    Add a check constraint to rows that are written from now on, without reading the table; backwards, remove it.

    It needs no migration of its own. SQLite has no such constraints: there it is checked for every row.
    """

    elsewhere = AddConstraint


def _is_postgresql(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    return schema_editor.connection.vendor == "postgresql"
