"""What is counted of settling reservations (docs/operations.md, "Metrics")."""

from collections import Counter as Tally
from collections.abc import Sequence

from prometheus_client import Counter

from inventory.protocol import Outcome, Settled

SETTLED = Counter("reservations_settled", "Desired quantities that were answered for, by outcome.", ["outcome"])
# A series that begins at one has never grown: alerts on growth need a zero first.
for outcome in Outcome:
    SETTLED.labels(outcome.value)


def settled(answers: Sequence[Settled]) -> None:
    """Count the outcomes of one batch."""
    for outcome, number in Tally(answer.outcome for answer in answers).items():
        SETTLED.labels(outcome.value).inc(number)
