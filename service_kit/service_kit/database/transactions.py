"""Work that is its own transaction, or must be committed before it goes on."""

from django.db import connection


def refuse_open_transaction() -> None:
    """
    Check what `atomic(durable=True)` checks, without opening a transaction. A test's own transaction is allowed.

    :raises RuntimeError: in an open transaction.
    """
    if connection.in_atomic_block and not connection.atomic_blocks[-1]._from_testcase:  # type: ignore[attr-defined] # noqa: SLF001
        raise RuntimeError("This cannot be done in an open transaction: it would be reported before it is committed.")
