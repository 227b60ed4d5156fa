"""Log lines as they are written: each is one JSON object."""

from typing import Any

LogLines = list[dict[str, Any]]


def about(event: str, lines: LogLines) -> LogLines:
    """Return the lines with that message."""
    return [line for line in lines if line["event"] == event]
