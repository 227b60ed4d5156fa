"""A database that fails, or where somebody else is faster, at the statement that a test names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection


@contextmanager
def failing_at(statement: str, *, error: type[Exception] = OperationalError, times: int = 1_000) -> Iterator[None]:
    """Fail the next statements that begin with these words; the database does nothing of what they say."""
    left = times

    def fail(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
        nonlocal left
        if left and sql.strip().startswith(statement):
            left -= 1
            raise error("the test wants this to fail")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


@contextmanager
def interfering(before: str, change: Callable[[], object], *, times: int = 1) -> Iterator[None]:
    """Let somebody else change the order just before a statement that begins with these words."""
    left = times

    def interfere(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
        nonlocal left
        if left and sql.startswith(before):
            left, others = 0, left - 1
            change()
            left = others
        return execute(sql, params, many, context)

    with connection.execute_wrapper(interfere):
        yield


def lose_commit(monkeypatch: pytest.MonkeyPatch, *, number: int) -> None:
    """Commit, but lose the confirmation of that one, counted from now."""
    commit = connection.commit
    left = number

    def commit_unheard() -> None:
        nonlocal left
        commit()
        left -= 1
        if left == 0:
            raise OperationalError("the connection is lost")

    monkeypatch.setattr(connection, "commit", commit_unheard)
