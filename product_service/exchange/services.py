"""The writes of exchange: a batch of rows, all of it or nothing."""

from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction

from exchange import bulk
from exchange.columns import KEYS
from exchange.plans import Catalogue, Plan, plan
from exchange.rows import Row
from products.models import Product


@transaction.atomic(durable=True)
def import_batch(*, rows: Sequence[Row], subject: str, keep: Callable[[Plan], None]) -> Plan:
    """
    Create and edit the products that rows name. Rows that do not fit the catalogue are refused, each by itself.

    Locks products in order of id, as reservations do, and for as long as a few statements take.

    :param keep: is called before the commit with what becomes of the rows; what it raises undoes the batch.
    :raises IntegrityError: if somebody created a product of the same reference meanwhile; repeat it.
    :raises ValueMoved: if somebody changed a value of a unique field meanwhile; repeat it.
    """
    made = _write(rows, bulk.look_up(rows, lock=True), subject=subject)
    keep(made)
    return made


def try_batch(*, rows: Sequence[Row]) -> Plan:
    """Return what `import_batch` would do, now, and change nothing."""
    return plan(rows, bulk.look_up(rows, lock=False))


def _write(rows: Sequence[Row], catalogue: Catalogue, *, subject: str) -> Plan:
    """
    Write rows at once; where a constraint refuses that, each half by itself, down to the row that is refused.

    So a constraint that plans do not know refuses its rows, and not the file. Products stay locked in the meantime:
    the locks were taken before the savepoint.
    """
    made = plan(rows, catalogue)
    try:
        with transaction.atomic():
            bulk.write(made, subject=subject)
    except IntegrityError as error:
        if len(rows) == 1:
            return Plan(rejected=[(rows[0].record, _reason(made, error))])
        middle = len(rows) // 2
        made = Plan()
        for half in (rows[:middle], rows[middle:]):
            written = _write(half, bulk.look_up(half, lock=True), subject=subject)
            made.rejected += written.rejected
            made.counts += written.counts
    return made


def _reason(made: Plan, error: IntegrityError) -> str:
    """Say why the database refused a plan's only row; raise IntegrityError if its product was created meanwhile."""
    [product] = made.inserts or made.edits.values()
    fields = Product.objects.taken_fields(product)
    if set(fields) & set(KEYS):
        raise error
    if fields:
        return f"{', '.join(fields)}: Another product has the same."
    return f"The database refuses this row: {str(error).splitlines()[0]}."
