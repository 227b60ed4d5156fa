"""
Shorter waits, so that what is rare at the usual ones is frequent: two that drive one order, one that gives it up.

The protocol's safety rests on no clock, so that alone they break nothing: the control run shows it.
"""

from chaos.mutants.mutant import Edit, Mutant

HURRY = (
    Edit(
        "order_service/orders/querysets.py", "ABORT_AFTER = timedelta(seconds=10)", "ABORT_AFTER = timedelta(seconds=1)"
    ),
    Edit(
        "order_service/orders/placing.py", "STUCK_AFTER = timedelta(seconds=5)", "STUCK_AFTER = timedelta(seconds=0.3)"
    ),
)
CONTROL = Mutant("control", "nothing but shorter waits", HURRY, breaks=frozenset())
