"""A database that fails, or where another process is faster, at the statement that a test names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db import OperationalError, connection, transaction


@contextmanager
def failing_at(
    *statements: str, error: type[Exception] = OperationalError, times: int = 1_000, after: int = 0
) -> Iterator[None]:
    """Fail the next statements that begin with these words, without executing them; not the first few of them."""
    numbers = count()

    def fail(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.strip().startswith(statements) and after <= next(numbers) < after + times:
            raise error("the test wants this to fail")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


@contextmanager
def interfering(before: str, change: Callable[[], object], *, times: int = 1) -> Iterator[None]:
    """Let another process change the order just before a statement that begins with these words."""
    left = times

    def interfere(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if left and sql.startswith(before):
            left, others = 0, left - 1
            change()
            left = others
        return execute(sql, params, many, context)

    with connection.execute_wrapper(interfere):
        yield


@contextmanager
def unheard(statement: str) -> Iterator[None]:
    """Execute and commit the next statement that begins with these words, and lose its answer."""
    left = 1

    def forget() -> None:
        raise OperationalError("the connection is lost")

    def lose(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        done = execute(sql, params, many, context)
        if left and sql.strip().startswith(statement):
            left -= 1
            transaction.on_commit(forget)  # at once outside a transaction
        return done

    with connection.execute_wrapper(lose):
        yield
