"""
Traces of order placement. This module is imported only where traces are on, because it needs OpenTelemetry.

A group is one span, in the trace of the request that leads it. Links join it with the spans of its other members, in
both directions, so that the trace of each request leads to the call and the statements that were made for it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.trace import Link, Span

from orders.batcher import PlacementBatcher
from orders.drafts import Answer, Draft, Placed
from products_client import MAX_BATCH

if TYPE_CHECKING:
    from uuid import UUID

tracer = trace.get_tracer(__name__)


class TracedPlacementBatcher(PlacementBatcher):
    def __init__(self, *, largest: int = MAX_BATCH) -> None:
        super().__init__(largest=largest)
        self._spans: dict[UUID, Span] = {}  # of the drafts that are being placed, by reservation id

    def place(self, draft: Draft) -> Placed:
        # A refusal is raised through this span. It is an answer like any other, not an error of this service.
        with tracer.start_as_current_span("place", record_exception=False, set_status_on_exception=False) as span:
            self._spans[draft.reservation_id] = span
            try:
                return super().place(draft)
            finally:
                del self._spans[draft.reservation_id]

    def place_group(self, drafts: Sequence[Draft]) -> list[Answer]:
        # A follower that no longer waits has removed its span.
        followers = [span for draft in drafts[1:] if (span := self._spans.get(draft.reservation_id))]
        links = [Link(span.get_span_context()) for span in followers]
        with tracer.start_as_current_span("group", links=links, attributes={"group.size": len(drafts)}) as group:
            for span in followers:
                span.add_link(group.get_span_context())
            return super().place_group(drafts)
