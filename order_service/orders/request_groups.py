"""The ids of requests whose orders are placed together: each finds the lines about all, in every log."""

from collections.abc import Callable, Sequence

import structlog

from orders.placing import Answer, Draft

LONGEST = 7500
"""Characters: the gateway takes a header of 8,192. A hundred ids of the usual 32 have room; of longer ones, some."""


def under_all_ids(place: Callable[[Sequence[Draft]], list[Answer]]) -> Callable[[Sequence[Draft]], list[Answer]]:
    """
    Return `place`, a function that places a group, with the ids of those who are placed by another's request bound.

    What it logs has them as `request_group`, beside the `request_id` of the leader, whose draft comes first.
    """

    def place_under_all_ids(drafts: Sequence[Draft]) -> list[Answer]:
        others = ",".join([draft.request_id for draft in drafts[1:] if draft.request_id])
        if not others:
            return place(drafts)
        if len(others) > LONGEST:
            others = others[:LONGEST].rpartition(",")[0]
        with structlog.contextvars.bound_contextvars(request_group=others):
            return place(drafts)

    return place_under_all_ids
