"""The metrics of settled reservations (docs/operations.md, "Metrics")."""

from collections.abc import Iterable

from prometheus_client import Counter

from inventory.protocol import Outcome, Settled

SETTLED = Counter("reservations_settled", "Desired quantities that were answered for, by outcome.", ["outcome"])
DELETED = Counter("reservations_deleted", "Reservations that held nothing for longer than they are kept.")
for outcome in Outcome:
    SETTLED.labels(outcome.value)  # a series that begins at one has never grown: alerts on growth need a zero first


def settled(answers: Iterable[Settled]) -> None:
    """Count the outcomes of one batch."""
    for answer in answers:
        SETTLED.labels(answer.outcome.value).inc()
