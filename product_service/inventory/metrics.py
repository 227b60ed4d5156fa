"""The metrics of settled reservations (docs/operations.md, "Metrics")."""

from collections import Counter as Tally
from collections.abc import Sequence

from prometheus_client import Counter

from inventory.protocol import Outcome, Settled

SETTLED = Counter("reservations_settled", "Desired quantities that were answered for, by outcome.", ["outcome"])
# A series that begins at one has never grown: alerts on growth need a zero first.
_count = {outcome: SETTLED.labels(outcome.value).inc for outcome in Outcome}


def settled(answers: Sequence[Settled]) -> None:
    """Count the outcomes of one batch."""
    for outcome, number in Tally(answer.outcome for answer in answers).items():
        _count[outcome](number)
