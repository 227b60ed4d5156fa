"""Work that is its own transaction, or must be committed before it goes on."""

from django.db import connection


def refuse_open_transaction() -> None:
    """Raise RuntimeError in an open transaction, as `atomic(durable=True)` does; a test's own is allowed."""
    if connection.in_atomic_block and not connection.atomic_blocks[-1]._from_testcase:  # type: ignore[attr-defined] # noqa: SLF001
        raise RuntimeError("This cannot be done in an open transaction: it would be reported before it is committed.")
