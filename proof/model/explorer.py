"""Breadth-first search through every reachable state, so that a counterexample is a shortest trace."""

import time
from collections import deque
from dataclasses import dataclass

from model.invariants import ALL, Invariant, lasting
from model.scenario import Scenario
from model.states import State

RESOLVABLE = "every_state_can_come_to_rest"


class TooManyStatesError(Exception):
    """A scenario has more states than allowed."""


@dataclass(frozen=True, slots=True)
class Violation:
    """The invariant that was broken, and the shortest way to break it."""

    invariant: str
    trace: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join((f"{self.invariant} is broken by {len(self.trace)} steps:", *self.trace))


@dataclass(frozen=True, slots=True)
class Exploration:
    """The result: of all states, or of those up to the first violation."""

    states: int
    at_rest: int
    seconds: float
    violation: Violation | None


def explore(scenario: Scenario, *, invariants: tuple[Invariant, ...] = ALL, at_most: int = 1_000_000) -> Exploration:
    """
    Visit every reachable state once and check each invariant there; then check that no state is a dead end.

    It ends at the first violation.

    :raises TooManyStatesError: if there are more than `at_most` states.
    """
    began = time.monotonic()
    watched = {restored: lasting(invariants, restored) for restored in ("", "order_service", "product_service")}
    start = scenario.canonical(scenario.start())
    known = {start: 0}
    found_from = [0]
    recovered_from: list[list[int]] = [[]]
    at_rest = [0] if scenario.is_at_rest(start) else []
    broken = broken_invariant(scenario, start, watched[start.restored])
    waiting = deque([start])
    while waiting and broken is None:
        state = waiting.popleft()
        here = known[state]
        for step in scenario.steps(state):
            after = scenario.canonical(step.move.after)
            there = known.get(after)
            if there is None:
                there = known[after] = len(found_from)
                found_from.append(here)
                recovered_from.append([])
                waiting.append(after)
                broken = broken_invariant(scenario, after, watched[after.restored])
                if broken is not None:
                    break
                if scenario.is_at_rest(after):
                    at_rest.append(there)
            if step.is_recovery:
                recovered_from[there].append(here)
        if len(known) > at_most:
            raise TooManyStatesError(f"{scenario.name}: more than {at_most} states")

    last = len(found_from) - 1
    if broken is None:
        stuck = first_dead_end(recovered_from, at_rest)
        broken, last = (None, 0) if stuck is None else (RESOLVABLE, stuck)
    violation = None if broken is None else Violation(broken, trace_to(scenario, list(known), found_from, last))
    return Exploration(len(known), len(at_rest), time.monotonic() - began, violation)


def broken_invariant(scenario: Scenario, state: State, watched: tuple[Invariant, ...]) -> str | None:
    for invariant in watched:
        if not invariant(scenario, state):
            return invariant.__name__
    return None


def first_dead_end(recovered_from: list[list[int]], at_rest: list[int]) -> int | None:
    """
    Return the first state from which rest cannot be reached by recovery alone.

    Recovery alone: every request, client and clerk stops for ever, and only product_service and the workers go on.
    """
    resolvable = bytearray(len(recovered_from))
    waiting = list(at_rest)
    for place in at_rest:
        resolvable[place] = True
    while waiting:
        for before in recovered_from[waiting.pop()]:
            if not resolvable[before]:
                resolvable[before] = True
                waiting.append(before)
    stuck = resolvable.find(0)
    return None if stuck < 0 else stuck


def trace_to(scenario: Scenario, states: list[State], found_from: list[int], last: int) -> tuple[str, ...]:
    """Return the steps from the start to a state, in words."""
    trace = []
    while last:
        before = found_from[last]
        step = next(
            step for step in scenario.steps(states[before]) if scenario.canonical(step.move.after) == states[last]
        )
        trace.append(f"{step.who} {step.move}")
        last = before
    return tuple(reversed(trace))
