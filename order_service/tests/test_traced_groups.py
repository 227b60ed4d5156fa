"""Groups in traces: committed as ever, and every placing's trace leads to the group that it was in."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from orders import traced_groups
from orders.traced_groups import TracedGroups

PATIENCE = 5.0


class Refused(Exception):
    """What a commit answers to somebody it has nothing for."""


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Sequence[ReadableSpan]]:
    """The spans of a name that have ended."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(traced_groups, "tracer", provider.get_tracer("test"))
    return lambda name: [span for span in exporter.get_finished_spans() if span.name == name]


def submit(groups: TracedGroups[str, str], item: str) -> str:
    return groups.submit(item, patience=PATIENCE, limit=PATIENCE)


def test_a_lone_placing_leads_a_group_in_its_own_trace(recorded: Callable[[str], Sequence[ReadableSpan]]) -> None:
    groups = TracedGroups[str, str](lambda items: [item.upper() for item in items], largest=10)

    assert submit(groups, "one") == "ONE"

    ((place,), (group,)) = recorded("place"), recorded("group")
    assert group.parent == place.context
    assert (list(group.links), list(place.links)) == ([], [])
    assert dict(group.attributes or {}) == {"group.size": 1}


def test_the_others_in_a_group_are_linked_with_it_both_ways(
    recorded: Callable[[str], Sequence[ReadableSpan]],
) -> None:
    first_is_in, may_go_on = threading.Event(), threading.Event()

    def commit(items: Sequence[str]) -> Sequence[str]:
        first_is_in.set()
        may_go_on.wait(PATIENCE)
        return items

    groups = TracedGroups[str, str](commit, largest=10)
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(submit, groups, "first")
        first_is_in.wait(PATIENCE)
        others = [threads.submit(submit, groups, f"other {number}") for number in range(3)]
        while groups.waiting() < 3:
            threading.Event().wait(0.01)
        may_go_on.set()
        answers = [first.result(), *(other.result() for other in others)]

    assert answers == ["first", "other 0", "other 1", "other 2"]
    (_, group) = recorded("group")
    followers = [span for span in recorded("place") if span.links]
    assert dict(group.attributes or {}) == {"group.size": 3}
    assert len(followers) == 2
    assert {link.context.span_id for span in followers for link in span.links} == {group.context.span_id}
    assert {link.context.span_id for link in group.links} == {span.context.span_id for span in followers}


def test_a_refusal_is_an_answer_and_no_error_of_the_span(
    recorded: Callable[[str], Sequence[ReadableSpan]],
) -> None:
    groups = TracedGroups[str, str](lambda items: [Refused() for _ in items], largest=10)

    with pytest.raises(Refused):
        submit(groups, "one")

    (place,) = recorded("place")
    assert place.status.status_code is StatusCode.UNSET
    assert list(place.events) == []
