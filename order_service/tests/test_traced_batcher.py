"""Traces of groups: the trace of each order placement leads to the group that it was in."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from pytest_django import Settings

from orders import batcher, services, traced_batcher
from orders.drafts import Answer, Draft, Placed
from orders.errors import OrderNotPlaced
from orders.models import Order
from orders.traced_batcher import TracedPlacementBatcher
from tests.factories import draft

SECONDS = 5.0
Spans = Callable[[str], Sequence[ReadableSpan]]


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Spans:
    """The spans of a name that have ended."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(traced_batcher, "tracer", provider.get_tracer("test"))
    return lambda name: [span for span in exporter.get_finished_spans() if span.name == name]


def place_all(drafts: Sequence[Draft]) -> list[Answer]:
    return [Placed(Order(product_id=draft.product_id)) for draft in drafts]


def test_a_lone_placement_leads_a_group_in_its_own_trace(recorded: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batcher, "place_group", place_all)

    assert TracedPlacementBatcher().place(draft(7)).order.product_id == 7

    ((place,), (group,)) = recorded("place"), recorded("group")
    assert group.parent == place.context
    assert (list(group.links), list(place.links)) == ([], [])
    assert dict(group.attributes or {}) == {"group.size": 1}


def test_a_group_and_its_followers_are_linked_in_both_directions(
    recorded: Spans, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_is_in, may_go_on = threading.Event(), threading.Event()

    def place_when_allowed(drafts: Sequence[Draft]) -> list[Answer]:
        first_is_in.set()
        may_go_on.wait(SECONDS)
        return place_all(drafts)

    monkeypatch.setattr(batcher, "place_group", place_when_allowed)
    monkeypatch.setattr(batcher, "QUEUE_TIMEOUT", SECONDS)
    monkeypatch.setattr(batcher, "LEAD_TIMEOUT", SECONDS)
    placements = TracedPlacementBatcher()
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(placements.place, draft(1))
        first_is_in.wait(SECONDS)
        others = [threads.submit(placements.place, draft(number)) for number in (2, 3, 4)]
        while placements._groups.waiting() < 3:  # noqa: SLF001 - no request needs to know it
            threading.Event().wait(0.01)
        may_go_on.set()
        answers = [future.result() for future in (first, *others)]

    assert [answer.order.product_id for answer in answers] == [1, 2, 3, 4]
    (_, group) = recorded("group")
    followers = [span for span in recorded("place") if span.links]
    assert dict(group.attributes or {}) == {"group.size": 3}
    assert len(followers) == 2
    assert {link.context.span_id for span in followers for link in span.links} == {group.context.span_id}
    assert {link.context.span_id for link in group.links} == {span.context.span_id for span in followers}


def test_a_refusal_is_an_answer_and_no_error_of_the_span(recorded: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batcher, "place_group", lambda drafts: [OrderNotPlaced() for _ in drafts])

    with pytest.raises(OrderNotPlaced):
        TracedPlacementBatcher().place(draft(1))

    (place,) = recorded("place")
    assert place.status.status_code is StatusCode.UNSET
    assert list(place.events) == []


@pytest.mark.parametrize(("tracing", "kind"), [(True, TracedPlacementBatcher), (False, batcher.PlacementBatcher)])
def test_groups_are_traced_where_traces_are_on(settings: Settings, tracing: bool, kind: type) -> None:
    settings.TRACING = tracing

    assert type(services._new_batcher()) is kind  # noqa: SLF001 - called once, at import
