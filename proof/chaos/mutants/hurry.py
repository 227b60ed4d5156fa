"""
Shorter waits, so that what is rare at the usual ones is frequent: calls without an answer, whose requests arrive later;
two that drive one order; one that gives it up meanwhile.

The protocol's safety rests on no clock, so that alone they break nothing: the control run shows it.
"""

from chaos.mutants.mutant import Edit, Mutant

BEGIN = "order_service/orders/begin.py"
SENDING = "order_service/products_client/sending.py"

CALLS_END_SOON = Edit(SENDING, "CALL_BUDGET: Final = 2.5\n", "CALL_BUDGET: Final = 0.5\n")
STUCK_SOON = Edit(BEGIN, "STUCK_AFTER = timedelta(seconds=5)", "STUCK_AFTER = timedelta(seconds=0.3)")
GIVEN_UP_SOON = Edit(
    "order_service/orders/querysets.py",
    "ABORT_AFTER = timedelta(seconds=10)",
    "ABORT_AFTER = timedelta(seconds=1)",
)
GIVEN_UP_AT_ONCE = Edit(GIVEN_UP_SOON.file, GIVEN_UP_SOON.old, "ABORT_AFTER = timedelta(seconds=0.1)")
HURRY = (CALLS_END_SOON, STUCK_SOON, GIVEN_UP_SOON)
CONTROL = Mutant("control", "nothing but shorter waits", HURRY, breaks=frozenset())
