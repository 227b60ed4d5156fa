"""The history's samples of what the follower has applied."""

from datetime import datetime
from pathlib import Path

from chaos.history import EventsSeen
from chaos.journal import Clock
from chaos.sampling.databases import SqliteDatabase
from chaos.seen import EventApplied

NEW = (
    "SELECT number, position, subject, type, status, quantity, made, at FROM applied WHERE number > %s ORDER BY number"
)


class AppliedEvents:
    """Reads the follower's table, each row once."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._database = SqliteDatabase(path)
        self._clock = clock
        self._last = 0

    def sample(self) -> EventsSeen:
        """:raises UnreadableError: if the follower has not made its table yet."""
        read_from = self._clock.now()
        with self._database.snapshot() as snapshot:
            rows = snapshot.rows(NEW, [self._last])
        self._last = rows[-1][0] if rows else self._last
        now = self._clock.now()
        events = [
            EventApplied(
                position=position,
                order_id=int(subject),
                kind=kind.removeprefix("order."),
                status=status,
                quantity=quantity,
                made=datetime.fromisoformat(made).timestamp(),
                at=at,
            )
            for _, position, subject, kind, status, quantity, made, at in rows
        ]
        return EventsSeen(at=now.at, wall=now.wall, read_from=read_from.at, events=events)
