"""What every actor of the model has in common."""

from collections.abc import Iterator
from typing import Protocol

from model.simplifications import Simplified
from model.states import Actor, Move, Phase, Reply, State


class Role(Protocol):
    """
    A program that one process runs, step by step.

    `is_recovery` marks the programs that are restarted when they die. They alone must decide and sync every order.
    """

    @property
    def is_recovery(self) -> bool: ...

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        """Yield every step that this process can take now. Answers that change nothing are not steps."""
        ...


def stop(state: State, me: int, role: Role) -> State:
    """Kill a process at whatever step it is. One that is started again begins anew; it kept nothing in memory."""
    return state.with_actor(me, Actor(Phase.IDLE) if role.is_recovery else Actor(Phase.DEAD))


def send(state: State, me: int, actor: Actor) -> State:
    """Put the call on the network, where it stays; with a commit before it, never a transaction around it."""
    return state._replace(network=tuple(sorted({*state.network, actor.call}))).with_actor(me, actor)


def record(state: State, me: int, actor: Actor) -> State:
    """Note where the process stands after a commit, before a byte is sent."""
    return state.with_actor(me, actor._replace(step=Phase.RECORDED))


def only(replies: tuple[Reply, ...]) -> Reply:
    """Return the reply to a call of one item."""
    (reply,) = replies
    return reply
