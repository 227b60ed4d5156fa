"""
Refuses migrations that lock a table for long, or break the version that is still running.

squawk checks the SQL for PostgreSQL, which Django generates without a server. A migration that needs a refused
operation, at the end of "expand, then contract", accepts the rule in its class:
`accepted = {"ban-drop-column": "unread since 1.2.0"}`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.migrations import Migration, RunPython
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.utils import ConnectionHandler
from psycopg.sql import quote

POSTGRESQL = 17
EXCLUDED = {
    "require-lock-timeout": "every connection of this service has one",
    "require-statement-timeout": "commands have none on purpose; what is slow is refused by name",
    "prefer-bigint-over-int": "the model decides the type of a column",
    "prefer-text-field": "the model decides the length of a column",
    "prefer-robust-stmts": "Django knows which migrations ran; a broken concurrent index is dropped by hand",
    "ban-drop-not-null": "old code never writes null, and new code that reads it comes with the migration",
}
UNREADABLE = "unreadable-operation"


def findings(migration: Migration, before: ProjectState) -> list[str]:
    """Return the problems of a migration, a line each, without the accepted ones. `before` are the models before it."""
    accepted: Mapping[str, str] = getattr(migration, "accepted", {})
    found = [*_unreadable(migration), *_squawk(statements(migration, before))]
    return [f"{migration}: {rule}: {message}" for rule, message in found if rule not in accepted]


def statements(migration: Migration, before: ProjectState) -> str:
    """The SQL that a migration runs on PostgreSQL, with the transaction that it runs in."""
    # What `with` does, but without beginning a transaction: there is no connection.
    editor = _connection().schema_editor(collect_sql=True, atomic=True)
    editor.deferred_sql = []
    migration.apply(before.clone(), editor, collect_sql=True)
    for deferred in editor.deferred_sql:
        editor.execute(deferred, None)
    lines = editor.collected_sql
    return "\n".join(["BEGIN;", *lines, "COMMIT;"] if migration.atomic else lines)


def of_this_service() -> Iterator[tuple[Migration, ProjectState]]:
    """Return every migration after the first release, with the models before it."""
    here = [config for config in apps.get_app_configs() if Path(config.path).is_relative_to(settings.BASE_DIR)]
    own = {config.label for config in here if not Path(config.path).is_relative_to(sys.prefix)}
    loader = MigrationLoader(None)
    done: set[tuple[str, str]] = set()
    for leaf in sorted(loader.graph.leaf_nodes()):
        for key in loader.graph.forwards_plan(leaf):
            if key not in done and key[0] in own and key not in settings.RELEASED_FIRST:
                yield loader.graph.nodes[key], loader.project_state(key, at_end=False)
            done.add(key)


def _unreadable(migration: Migration) -> Iterator[tuple[str, str]]:
    for operation in migration.operations:
        if isinstance(operation, RunPython):
            yield UNREADABLE, "RunPython cannot be checked: fill rows by a command, in batches"


def _squawk(text: str) -> list[tuple[str, str]]:
    done = subprocess.run(  # noqa: S603 - the squawk of this virtual environment
        [
            Path(sys.executable).with_name("squawk"),
            "--stdin-filepath=migration.sql",
            "--reporter=json",
            f"--pg-version={POSTGRESQL}",
            f"--exclude={','.join(EXCLUDED)}",
        ],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return [(finding["rule_name"], finding["message"]) for finding in found]


class _Operations(DatabaseOperations):
    """Quotes values without a server."""

    def compose_sql(self, sql: str, params: Sequence[object] | None) -> str:
        return sql % tuple(map(quote, params)) if params else sql


def _connection() -> DatabaseWrapper:
    """Return a connection that generates SQL and never connects."""
    settings_of_it: Any = {"default": {"ENGINE": "django.db.backends.postgresql"}}
    connection: DatabaseWrapper = ConnectionHandler(settings_of_it)["default"]  # type: ignore[assignment] # of its engine
    connection.pg_version = POSTGRESQL * 10_000
    connection.ops = _Operations(connection)
    return connection


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.exit("\n".join(line for migration, before in of_this_service() for line in findings(migration, before)) or 0)
