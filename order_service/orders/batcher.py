"""Orders of concurrent requests are placed together by group commit (ADR 0007)."""

from collections.abc import Sequence

from orders import errors, metrics
from orders.drafts import Answer, Draft, Placed
from orders.group_commit import GroupCommit, NotTaken, StillRunning
from orders.placement import place_group
from orders.request_ids import bind_request_ids
from products_client import MAX_BATCH

QUEUE_TIMEOUT = 1.0
"""Seconds that a draft waits for a group. The group ends at the earliest deadline of its drafts."""

COMPLETION_TIMEOUT = 2.3
"""Seconds that a draft then waits for its group: until the group's deadline, and for one UPDATE."""

LEAD_TIMEOUT = 0.9
"""
Seconds after which a group that is not finished no longer keeps the next one waiting. Less than QUEUE_TIMEOUT, and more
than one try of its call may take: one slow answer of product_service delays those who wait, and refuses nobody. What a
late group still does is conditional on its rows.
"""


class PlacementBatcher:
    """The queue of orders to be placed. Threads share one; it holds no thread and no timer of its own."""

    def __init__(self, *, largest: int = MAX_BATCH) -> None:
        self._groups = GroupCommit(self.place_group, largest=largest, lead_timeout=LEAD_TIMEOUT)

    def place(self, draft: Draft) -> Placed:
        """
        Place one order, together with those of concurrent requests.

        :raises Overloaded: if no group took the draft in time; nothing was begun.
        :raises OutcomeUnknown: if its group did not finish in time.
        :raises Exception: the answer of the draft, if it is no `Placed`.
        """
        try:
            placed = self._groups.submit(draft, queue_timeout=QUEUE_TIMEOUT, completion_timeout=COMPLETION_TIMEOUT)
        except NotTaken:
            metrics.TURNED_AWAY.labels("group").inc()
            raise errors.Overloaded from None
        except StillRunning:
            metrics.count_answer(unknown := errors.OutcomeUnknown())  # whatever becomes of its group
            raise unknown from None
        except Exception as refusal:
            metrics.count_answer(refusal)
            raise
        metrics.count_answer(placed)
        return placed

    def place_group(self, drafts: Sequence[Draft]) -> list[Answer]:
        """
        Place one group in the thread of its leader, whose draft comes first.

        Log lines and the call have the leader's `request_id`, and the others' ids as `request_group`.
        """
        metrics.GROUP_SIZE.observe(len(drafts))
        with bind_request_ids([draft.request_id for draft in drafts[1:]]):
            return place_group(drafts)
