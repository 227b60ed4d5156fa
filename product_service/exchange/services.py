"""The writes of exchange: a batch of rows, all of it or nothing."""

from collections.abc import Callable, Sequence

from django.db import transaction

from exchange import bulk
from exchange.plans import Plan, plan
from exchange.serializers import Row


@transaction.atomic(durable=True)
def import_batch(*, rows: Sequence[Row], subject: str, keep: Callable[[Plan], None]) -> Plan:
    """
    Create and edit the products that rows speak of. Rows that do not fit the catalogue are refused, each by itself.

    Locks products in order of id, as reservations do, and for as long as a few statements take.

    :param keep: is told before the commit what becomes of the rows; what it raises undoes the batch.
    :raises IntegrityError: if somebody created a product of the same reference meanwhile; repeat it.
    :raises ReferenceMoved: if somebody changed a reference meanwhile; repeat it.
    """
    made = plan(rows, bulk.look_up(rows, lock=True))
    bulk.write(made, subject=subject)
    keep(made)
    return made


def try_batch(*, rows: Sequence[Row]) -> Plan:
    """Say what `import_batch` would do, now, and change nothing."""
    return plan(rows, bulk.look_up(rows, lock=False))
