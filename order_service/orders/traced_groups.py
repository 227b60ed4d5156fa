"""
Group commits in traces. It takes the place of GroupCommit where traces are on.

A group is one span, in the trace of the request that leads it. Its links name the others in it, and theirs name it, so
that each placing's trace leads to the call and the statements that were made for it.
"""

from collections.abc import Callable, Sequence

from opentelemetry import trace
from opentelemetry.trace import Link, Span

from orders.group_commit import Answer, GroupCommit, Item

tracer = trace.get_tracer(__name__)


class TracedGroups(GroupCommit[Item, Answer]):
    def __init__(self, commit: Callable[[Sequence[Item]], Sequence[Answer | Exception]], *, largest: int) -> None:
        self._spans: dict[int, Span] = {}  # by the identity of the item that is being submitted

        def traced_commit(items: Sequence[Item]) -> Sequence[Answer | Exception]:
            leader = trace.get_current_span()
            members = [span for item in items if (span := self._spans.get(id(item)))]
            followers = [span for span in members if span is not leader]
            links = [Link(span.get_span_context()) for span in followers]
            with tracer.start_as_current_span("group", links=links, attributes={"group.size": len(items)}) as group:
                for span in followers:
                    span.add_link(group.get_span_context())
                return commit(items)

        super().__init__(traced_commit, largest=largest)

    def submit(self, item: Item, *, patience: float, limit: float) -> Answer:
        # A refusal is raised through here. It is an answer like any other, not an error of this service.
        with tracer.start_as_current_span("place", record_exception=False, set_status_on_exception=False) as span:
            self._spans[id(item)] = span
            try:
                return super().submit(item, patience=patience, limit=limit)
            finally:
                del self._spans[id(item)]
