"""What must keep working while product_service is down, beside a greedy customer, and during graceful restarts."""

from collections.abc import Iterator

from chaos.checker.operation import Operation
from chaos.checker.run import Fault, Phase, Run
from chaos.checker.violation import Violation, entries_of, violation
from chaos.names import GREEDY
from chaos.seen import Answer

LOCAL = frozenset({"read-order", "list-orders", "cancel"})
# The order's status forbids it, with or without an outage.
ANSWERS = frozenset({"invalid-transition"})
TURNED_AWAY = 0.25
"""
Of the orders of others: the most that a greedy customer may cost them where shop, customers and faults share two cores.

Without shares it was about 40 %. A shop with a machine of its own is meant to stay below 2 %.
"""
TOO_MANY_REQUESTS = 429
DROPPED = frozenset({"bad-gateway", "gateway-timeout", "service-unavailable", "internal-error"})


def outage_is_survived(run: Run) -> Iterator[Violation]:
    """While product_service is down, orders can be read and canceled."""
    for phase in run.phases_called("products-outage"):
        for operation in run.operations:
            is_within = phase.began <= operation.began and _known_at(operation) <= min(phase.ended, run.last)
            if operation.invoke.kind not in LOCAL or not is_within or _is_excused(run, operation):
                continue
            if not operation.is_ok and operation.problem not in ANSWERS:
                message = f"{operation.invoke.kind} failed while product_service was down"
                yield violation(run, "outage-stopped-orders", message, evidence=operation.entries, related=[phase])


def restarts_drop_nothing(run: Run) -> Iterator[Violation]:
    """While a part is restarted gracefully, a service answers every request."""
    for phase in run.phases_called("graceful-restart"):
        for operation in run.operations:
            if not operation.overlaps(phase.began, phase.ended) or _is_excused(run, operation, phase):
                continue
            was_answered = operation.answer is not None or operation.reply is None
            if not was_answered or operation.problem in DROPPED:
                message = f"a request was dropped while {phase.target} was restarted gracefully"
                yield violation(run, "graceful-restart-dropped", message, evidence=[*phase.entries, *operation.entries])


def neighbours_are_served(run: Run) -> Iterator[Violation]:
    """While one customer takes all that their connections carry, few orders of others are turned away."""
    for phase in run.phases_called("greedy-customer"):
        of_others = [
            place
            for place in run.places
            if place.invoke.owner != GREEDY and phase.began <= place.began and _known_at(place) <= phase.ended
            if not any(
                fault.begin.kind != "greedy-customer" for fault in run.faults_during(place.began, place.returned)
            )
        ]
        refused = [place for place in of_others if place.answer and _is_turned_away(place.answer)]
        if len(refused) > max(1, TURNED_AWAY * len(of_others)):
            message = f"{len(refused)} of {len(of_others)} orders of others were turned away for one greedy customer"
            yield violation(run, "neighbour-turned-away", message, evidence=entries_of(refused[:5]), related=[phase])


def _is_turned_away(answer: Answer) -> bool:
    return answer.status == TOO_MANY_REQUESTS or answer.problem == "overloaded"


def _known_at(operation: Operation) -> float:
    """When its client had the answer, or its timeout was over."""
    return min(operation.returned, operation.began + (operation.invoke.deadline or 10.0))


def _is_excused(run: Run, operation: Operation, phase: Phase | None = None) -> bool:
    """Whether its client disconnected on purpose, it is a duplicate, or another fault hindered it."""
    if operation.invoke.replay_of is not None or getattr(operation.reply, "error", "") == "vanished":
        return True
    faults = run.faults_during(operation.began, _known_at(operation))
    return any(phase is not None or not _is_of_products(fault) for fault in faults)


def _is_of_products(fault: Fault) -> bool:
    return fault.target.startswith("product_service") or fault.target.endswith(">product_service")
