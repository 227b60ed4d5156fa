"""Instants as RFC 3339 writes them: the `date-time` of the contract."""

import re
from datetime import UTC, datetime, timedelta

# With its offset: without one nobody can tell which instant is meant.
INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-](?:[01]\d|2[0-3]):[0-5]\d))", re.ASCII
)
LEAP_SECOND = "60"
DIGITS_OF_A_MICROSECOND = 6


def parse_instant(text: str) -> datetime:
    """
    Read an instant. What is finer than a microsecond is cut off; a leap second is the first one of the next minute.

    :raises ValueError: if it is not in the notation of RFC 3339, is on no calendar, or before the year 1 or after 9999.
    """
    match = INSTANT.fullmatch(text)
    if match is None:
        raise ValueError("This is not in the notation of RFC 3339.")
    day, minute, second, fraction, offset = match.groups()
    is_leap = second == LEAP_SECOND
    whole = datetime.fromisoformat(f"{day}T{minute}:{'59' if is_leap else second}{offset or '+00:00'}")
    microseconds = int((fraction or "")[:DIGITS_OF_A_MICROSECOND].ljust(DIGITS_OF_A_MICROSECOND, "0"))
    try:
        instant = whole.astimezone(UTC) + timedelta(seconds=int(is_leap), microseconds=microseconds)
    except OverflowError:
        raise ValueError("This is outside of the years that can be written.") from None
    if is_leap and (instant.hour, instant.minute) != (0, 0):
        raise ValueError("A leap second is inserted at midnight UTC.")
    return instant
