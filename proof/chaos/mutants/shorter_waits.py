"""
Shorter waits, which make rare events frequent: calls that end before their request arrives, two threads that place one
order, and orders that are aborted in the meantime.

The protocol's safety does not depend on clocks, so shorter waits alone break nothing: the control run shows it.
"""

from chaos.mutants.mutant import Edit, Mutant

BEGIN = "order_service/orders/begin.py"
SENDING = "order_service/products_client/sending.py"

CALLS_END_SOON = Edit(SENDING, "CALL_BUDGET: Final = 2.5 ", "CALL_BUDGET: Final = 0.5 ")
STUCK_SOON = Edit(BEGIN, "STUCK_AFTER = timedelta(seconds=5)", "STUCK_AFTER = timedelta(seconds=0.3)")
ABORTED_SOON = Edit(
    "order_service/orders/querysets.py",
    "ABORT_AFTER = timedelta(seconds=10)",
    "ABORT_AFTER = timedelta(seconds=1)",
)
ABORTED_AT_ONCE = Edit(ABORTED_SOON.file, ABORTED_SOON.old, "ABORT_AFTER = timedelta(seconds=0.1)")
SHORTER_WAITS = (CALLS_END_SOON, STUCK_SOON, ABORTED_SOON)
CONTROL = Mutant("control", "nothing but shorter waits", SHORTER_WAITS, breaks=frozenset())
